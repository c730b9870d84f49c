// A built-in engine that reads slowly and is well: it is waited for, and told of; one that hangs is not.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChatEvent } from '../../../src/main/backends/interface.ts';
import { ask, type Bench, openBench, TINY_MODEL } from './support.ts';

const SLOW_ENGINE = fileURLToPath(new URL('../../support/slow-engine.ts', import.meta.url));
const LIMIT_MS = 400;

let bench: Bench;
beforeEach(async () => {
  bench = await openBench(process.env, { enginePath: SLOW_ENGINE });
  await copyFile(TINY_MODEL, join(bench.modelsFolder, 'tiny.gguf'));
  await bench.settings.set({ timeouts: { firstTokenMs: LIMIT_MS } });
});
afterEach(() => bench.end());

async function hear(question: string): Promise<{ events: ChatEvent[]; error: unknown }> {
  const events: ChatEvent[] = [];
  try {
    for await (const event of bench.engine.backend().chat(ask(question), AbortSignal.timeout(20_000)))
      events.push(event);
    return { events, error: null };
  } catch (error) {
    return { events, error };
  }
}

const readings = (events: ChatEvent[]) => events.flatMap((event) => (event.type === 'reading' ? [event] : []));

test('reading beyond the limit is waited for, told with its share and with what all of it takes', async () => {
  const { events, error } = await hear('a long question');
  expect(error).toBeNull();
  expect(events.at(-2)).toEqual({ type: 'text', text: 'read' });
  const told = readings(events);
  expect(told.map(({ readTokens }) => readTokens)).toEqual(Array.from({ length: 20 }, (_, step) => (step + 1) * 100));
  expect(told.every(({ tokens, expectedMs }) => tokens === 2_000 && expectedMs !== null)).toBe(true);
});

test('what hangs while it reads is given up within the limit', async () => {
  const { events, error } = await hear('hang');
  expect(readings(events).at(-1)).toMatchObject({ readTokens: 1_000 });
  expect(error).toMatchObject({ code: 'backend_first_token_timeout', params: { seconds: LIMIT_MS / 1_000 } });
});
