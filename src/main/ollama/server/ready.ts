// Whether the server answers.
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** One attempt while it starts; a server that accepts and keeps silent is asked anew after it. */
const ATTEMPT_MS = 2_000;
const PAUSE_MS = 50;

/**
 * Resolves when `GET path` answers with 200; asks again until the signal aborts, then rejects with its reason.
 * @param attemptMs how long one question may wait
 */
export async function untilItAnswers(
  port: number,
  signal: AbortSignal,
  { attemptMs = ATTEMPT_MS, path = '/' }: { attemptMs?: number; path?: string } = {},
): Promise<void> {
  const question = { port, path, signal, timeout: attemptMs };
  while (!(await answers(question))) await sleep(PAUSE_MS, undefined, { signal });
}

function answers(question: { port: number; path: string; signal: AbortSignal; timeout: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', agent: false, ...question });
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    // Refused, cut or given up: not yet.
    request.on('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
}
