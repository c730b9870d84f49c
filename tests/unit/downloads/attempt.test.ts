// When an attempt is given up: by the clock, with an Ollama that says exactly what the test wants.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Fetch } from '../../../src/main/diagnostics/index.ts';
import { pullOnce } from '../../../src/main/models/downloads/attempt.ts';
import { createProgress } from '../../../src/main/models/downloads/progress.ts';
import type { Place } from '../../../src/main/ollama/index.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const STALL_MS = 30_000;
const OPEN_MS = 120_000;

interface Attempt {
  say: (record: object) => Promise<void>;
  pass: (ms: number) => Promise<void>;
  /** `running`, `done`, or the code of what it was rejected with. */
  outcome: () => string;
  steps: string[];
}

function attempt({ isThere = true }: { isThere?: boolean } = {}): Attempt {
  const waiting: ((piece: Uint8Array) => void)[] = [];
  const said: Uint8Array[] = [];
  const body = {
    read: () =>
      new Promise<Uint8Array>((resolve, reject) => {
        signalOfPull?.addEventListener('abort', () => reject(signalOfPull?.reason as Error), { once: true });
        const piece = said.shift();
        if (piece) resolve(piece);
        else waiting.push(resolve);
      }),
    cancel() {},
  };
  let signalOfPull: AbortSignal | null = null;
  const fetch = {
    post: (_url: string, { signal }: { signal: AbortSignal }) => {
      signalOfPull = signal;
      return Promise.resolve({ status: 200, headers: { 'content-type': 'application/x-ndjson' }, body });
    },
  } as unknown as Fetch;
  const open = (signal: AbortSignal): Promise<Place> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      if (isThere) resolve({ origin: 'http://x', host: 'x' } as Place);
    });
  let outcome = 'running';
  const steps: string[] = [];
  const options = { model: 'tiny', isInsecure: false, places: { open }, fetch, progress: createProgress() };
  const limits = { stallMs: STALL_MS, openMs: OPEN_MS };
  pullOnce(
    { ...options, ...limits, onStep: (step) => steps.push(step), onBytes() {} },
    new AbortController().signal,
  ).then(
    () => (outcome = 'done'),
    (error: { code: string }) => (outcome = error.code),
  );
  return {
    say: async (record) => {
      const piece = new TextEncoder().encode(`${JSON.stringify(record)}\n`);
      const take = waiting.shift();
      if (take) take(piece);
      else said.push(piece);
      await vi.advanceTimersByTimeAsync(0);
    },
    pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
    outcome: () => outcome,
    steps,
  };
}

const layer = (completed: number, total = 1_000, digest = 'sha256:aa') => ({
  status: 'pulling',
  digest,
  total,
  completed,
});

it('gives up when the same count is repeated for the time of a stall', async () => {
  const { say, pass, outcome } = attempt();
  await say({ status: 'pulling manifest' });
  await say(layer(100));
  for (let seconds = 0; seconds < 29; seconds += 1) {
    await pass(1_000);
    await say(layer(100));
  }
  expect(outcome()).toBe('running');
  await pass(1_000);
  expect(outcome()).toBe('pull_no_network');
});

it('goes on as long as a byte comes now and then, or another file begins', async () => {
  const { say, pass, outcome } = attempt();
  await say(layer(0));
  for (let count = 1; count < 20; count += 1) {
    await pass(STALL_MS - 1);
    await say(layer(count));
  }
  await pass(STALL_MS - 1);
  await say(layer(0, 1_000, 'sha256:bb'));
  await pass(STALL_MS - 1);
  expect(outcome()).toBe('running');
  await pass(1);
  expect(outcome()).toBe('pull_no_network');
});

it('gives up when the manifest does not come', async () => {
  const { pass, outcome } = attempt();
  await pass(STALL_MS - 1);
  expect(outcome()).toBe('running');
  await pass(1);
  expect(outcome()).toBe('pull_no_network');
});

it('lets Ollama check large files for as long as a slow disk takes', async () => {
  const bytes = 40e9;
  const { say, pass, outcome, steps } = attempt();
  await say(layer(bytes, bytes));
  await say({ status: 'verifying sha256 digest' });
  await pass(STALL_MS * 10);
  expect(outcome()).toBe('running');
  await say({ status: 'writing manifest' });
  await say({ status: 'success' });
  expect(outcome()).toBe('done');
  expect(steps).toEqual(['layers', 'verifying', 'writing']);
});

it('does not wait for ever for the check', async () => {
  const { say, pass, outcome } = attempt();
  await say(layer(1_000));
  await say({ status: 'verifying sha256 digest' });
  await pass(STALL_MS + 1);
  expect(outcome()).toBe('backend_silent');
});

it('does not wait for ever for Ollama', async () => {
  const { pass, outcome } = attempt({ isThere: false });
  await pass(OPEN_MS - 1);
  expect(outcome()).toBe('running');
  await pass(1);
  expect(outcome()).toBe('backend_silent');
});
