// The log of the child: a new file at every start, the one before kept, neither ever larger than the limit.
import { mkdir, open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';

export interface LogFile {
  /** Never rejects; resolves when the lines are with the system, so that a fast talker waits for the disk. */
  write(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the file anew and keeps the last one as `previousLogPath(logPath)`.
 *
 * @param options.maxBytes when the file gets larger it becomes the previous one and a new one begins
 * @param options.onError told once when the log can't be written; the lines are dropped from then on
 */
export function openLogFile(
  logPath: string,
  options: { maxBytes: number; onError: (error: unknown) => void },
): LogFile {
  let file: FileHandle | null = null;
  let sizeBytes = 0;
  // One after the other: two streams write here.
  let turn = attempt(begin);

  async function begin(): Promise<void> {
    await mkdir(path.dirname(logPath), { recursive: true });
    await rename(logPath, previousLogPath(logPath)).catch(unlessMissing);
    // The prompts of other programs may stand in it at debug level: for this user only.
    file = await open(logPath, 'w', 0o600);
    sizeBytes = 0;
  }

  async function append(text: string): Promise<void> {
    if (file === null) return;
    const bytes = Buffer.from(text);
    if (sizeBytes > 0 && sizeBytes + bytes.length > options.maxBytes) {
      await file.close();
      file = null;
      await begin();
    }
    await file?.writeFile(bytes);
    sizeBytes += bytes.length;
  }

  /** The server must not stop because the disk is full. */
  async function attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      options.onError(error);
      const broken = file;
      file = null;
      // What can't be written may not be closable either, and nothing depends on it any more.
      await broken?.close().catch(options.onError);
    }
  }

  return {
    write(lines) {
      if (lines.length === 0) return turn;
      turn = turn.then(() => attempt(() => append(`${lines.join('\n')}\n`)));
      return turn;
    },
    close() {
      turn = turn.then(() =>
        attempt(async () => {
          await file?.close();
          file = null;
        }),
      );
      return turn;
    },
  };
}

export function previousLogPath(logPath: string): string {
  const { dir, name, ext } = path.parse(logPath);
  return path.join(dir, `${name}.previous${ext}`);
}

function unlessMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
