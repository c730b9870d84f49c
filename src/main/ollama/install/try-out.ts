// Starts a new Ollama for a moment, with nothing of the user's in its reach, and asks what it is.
import { mkdir, rm } from 'node:fs/promises';
import { z } from 'zod';
import { createFetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { spawnDirect } from '../server/direct-child.ts';
import { spawnGuarded } from '../server/guarded-child.ts';
import { listening } from '../server/lines.ts';
import { untilItAnswers } from '../server/ready.ts';
import { reasonOfEnd } from '../server/reasons.ts';

const GRACE_MS = 3_000;
const LINES_KEPT = 20;
const Version = z.object({ version: z.string().min(1) });

export interface TryOut {
  program: string;
  version: string;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** A folder that may be filled and goes afterwards. */
  folder: string;
  /** From the spawn to the answer. Generous: virus scanners read all of it first. */
  limitMs: number;
  signal: AbortSignal;
}

/** Resolves when it has started, told its version and ended again. Rejects with `install_not_answering` or the signal's reason. */
export async function tryOut({ program, version, env, platform, folder, limitMs, signal }: TryOut): Promise<void> {
  await mkdir(folder, { recursive: true });
  let lines: string[] = [];
  let hear: (port: number) => void;
  const heard = new Promise<number>((resolve) => {
    hear = resolve;
  });
  const spawnChild = platform === 'win32' ? spawnDirect : spawnGuarded;
  const child = spawnChild({
    program,
    args: ['serve'],
    env: { ...env, ...alone(folder) },
    graceMs: GRACE_MS,
    onLines(said) {
      lines = [...lines, ...said].slice(-LINES_KEPT);
      for (const line of said) {
        const found = listening(line);
        if (found !== null) hear(found.port);
      }
      return Promise.resolve();
    },
  });
  const limit = AbortSignal.timeout(limitMs);
  const stop = AbortSignal.any([signal, limit]);
  try {
    await Promise.race([
      heard.then((port) => answersAt(port, stop)),
      child.ended.then((end) => {
        throw new Error(reasonOfEnd(program, end, lines));
      }),
      aborted(stop),
    ]);
  } catch (error) {
    signal.throwIfAborted();
    const reason = limit.aborted
      ? text('ollama:not_ready', { path: program, seconds: limitMs / 1000 })
      : (error as Error).message;
    throw new HearthError('install_not_answering', { version, reason }, { cause: error, detail: lines.join('\n') });
  } finally {
    await child.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Its models, its keys and its settings belong into the folder; nothing but its own answer is wanted of it. */
function alone(folder: string): NodeJS.ProcessEnv {
  return {
    HOME: folder,
    USERPROFILE: folder,
    OLLAMA_HOST: '127.0.0.1:0',
    OLLAMA_MODELS: folder,
    OLLAMA_NOPRUNE: '1',
    OLLAMA_NO_CLOUD: '1',
  };
}

async function answersAt(port: number, signal: AbortSignal): Promise<void> {
  await untilItAnswers(port, signal);
  const fetch = createFetch({ purpose: 'try out a new Ollama', service: 'Ollama' });
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/version`, { signal });
    if (!Version.safeParse(await response.json().catch(() => null)).success)
      throw new Error(text('install:no_version'));
  } finally {
    fetch.close();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
