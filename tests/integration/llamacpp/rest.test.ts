// When the model leaves memory, and when it does not get in.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Backend } from '../../../src/main/backends/interface.ts';
import { untilGone } from '../../support/processes.ts';
import { type ScriptedTime, scriptedTime } from '../../support/scripted-time.ts';
import { ask, beginLongAnswer, type Bench, collect, drain, openBench, TINY_MODEL } from './support.ts';

const MINUTE_MS = 60_000;
const WATCH_MS = 30_000;
const GIB = 2 ** 30;
const SHORT = ask('hello', { maxTokens: 3 });

let bench: Bench;
let tiny: Backend;
let time: ScriptedTime;
let freeBytes: number;
beforeEach(async () => {
  time = scriptedTime();
  freeBytes = 8 * GIB;
  const memory = () => Promise.resolve({ totalBytes: 16 * GIB, availableBytes: freeBytes });
  bench = await openBench(process.env, { after: time.after, memory });
  tiny = bench.engine.forFile(TINY_MODEL);
});
afterEach(() => bench.end());

const pidNow = () => {
  const pid = bench.engine.pid();
  if (pid === null) throw new Error('no engine runs');
  return pid;
};
const stateNow = async () => (await tiny.look(AbortSignal.timeout(5_000))).state;
/** A question gives its use back a moment after its last event. */
const untilWaiting = (ms: number) => vi.waitFor(() => expect(time.waiting()).toContain(ms));

test('not asked for ten minutes it leaves with its process, and the next question loads it again', async () => {
  await collect(tiny, SHORT);
  const pid = pidNow();
  await untilWaiting(10 * MINUTE_MS);
  expect(await stateNow()).toBe('ready');
  time.ring(10 * MINUTE_MS);
  await untilGone([pid]);
  await vi.waitFor(async () => expect(await stateNow()).toBe('asleep'));
  expect(time.waiting()).toEqual([]);
  expect((await collect(tiny, SHORT)).isLoaded).toBe(true);
  expect(pidNow()).not.toBe(pid);
});

test('0 minutes is at once after the answer, -1 is never, and a question may say so for itself', async () => {
  await bench.settings.set({ llamacpp: { idleMinutes: 0 } });
  await collect(tiny, SHORT);
  await untilWaiting(0);
  await bench.settings.set({ llamacpp: { idleMinutes: -1 } });
  expect(time.waiting()).toEqual([WATCH_MS]);
  await collect(tiny, { ...SHORT, keepAliveMinutes: 2 });
  await untilWaiting(2 * MINUTE_MS);
});

test('a model that answers, or is waited for, does not leave', async () => {
  await collect(tiny, SHORT);
  await untilWaiting(10 * MINUTE_MS);
  const pid = pidNow();
  const events = await beginLongAnswer(tiny);
  const waiting = collect(tiny, SHORT);
  expect(time.waiting()).toEqual([WATCH_MS]);
  freeBytes = 0;
  time.ring(WATCH_MS);
  await vi.waitFor(() => expect(time.waiting()).toEqual([WATCH_MS]));
  await drain(events);
  expect((await waiting).isLoaded).toBe(false);
  expect(pidNow()).toBe(pid);
});

test('an idle model leaves when memory gets short, and comes back when there is room', async () => {
  await bench.settings.set({ llamacpp: { idleMinutes: -1 } });
  await collect(tiny, SHORT);
  const pid = pidNow();
  await untilWaiting(WATCH_MS);
  // Until the question has given its use back a look changes nothing: the next one is waited for.
  freeBytes = 0.2 * GIB;
  await vi.waitFor(() => {
    time.ring(WATCH_MS);
    expect(bench.engine.pid()).toBeNull();
  });
  await untilGone([pid]);
  freeBytes = 8 * GIB;
  expect((await collect(tiny, SHORT)).isLoaded).toBe(true);
});

test('a model that does not fit is refused with the numbers, and nothing is started', async () => {
  freeBytes = 1_000;
  await expect(collect(tiny, SHORT)).rejects.toMatchObject({
    code: 'memory_short',
    params: { model: 'tiny', needed: expect.stringMatching(/kB$|MB$/), free: '1 kB' },
  });
  expect(bench.engine.pid()).toBeNull();
  freeBytes = 8 * GIB;
  expect((await collect(tiny, SHORT)).done).not.toBeNull();
});
