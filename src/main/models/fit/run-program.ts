// A small program of the system that tells something: run without a shell, with a limit, never waited for by anybody else.
import { execFile } from 'node:child_process';
import path from 'node:path';

/** Its standard output; null when it is not there, fails or takes too long. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string | null>;

const LIMIT_MS = 4_000;
const OUTPUT_MAX_BYTES = 1_000_000;

/** Windows looks for programs in the current folder first, where anybody may have put one: it has to be the system's. */
const FOLDER =
  process.platform === 'win32'
    ? path.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32')
    : path.parse(process.execPath).root;

export const runProgram: RunProgram = (file, args) =>
  new Promise((resolve) => {
    const options = {
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: OUTPUT_MAX_BYTES,
      windowsHide: true,
      cwd: FOLDER,
    } as const;
    execFile(file, args, options, (error, stdout) => resolve(error === null ? stdout : null));
  });
