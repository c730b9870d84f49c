import { spawn } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Backend } from '../../../src/main/backends/interface.ts';
import { createLlamaEngine } from '../../../src/main/backends/llamacpp/index.ts';
import {
  ask,
  beginLongAnswer,
  type Bench,
  collect,
  drain,
  ENGINE_PATH,
  isAlive,
  LONG_ANSWER,
  openBench,
  TINY_MODEL,
} from './support.ts';

let bench: Bench;
let tiny: Backend;
beforeEach(async () => {
  bench = await openBench();
  tiny = bench.engine.forFile(TINY_MODEL);
});
afterEach(() => bench.end());

const pidNow = () => {
  const pid = bench.engine.pid();
  if (pid === null) throw new Error('no engine runs');
  return pid;
};
const answers = async () => (await collect(tiny, ask('hello', { maxTokens: 3 }))).done?.usage.answerTokens;

describe('stopping an answer', () => {
  test('in the middle ends it as cancelled; the engine stays loaded and is free at once', async () => {
    const stop = new AbortController();
    const events = await beginLongAnswer(tiny, stop.signal);
    const pid = pidNow();
    stop.abort();
    await expect(drain(events)).rejects.toMatchObject({ code: 'cancelled' });
    const next = await collect(tiny, ask('hello', { maxTokens: 3 }));
    expect(next).toMatchObject({ isLoaded: false, done: { usage: { answerTokens: expect.any(Number) } } });
    expect(bench.engine.pid()).toBe(pid);
  });

  test('by no longer listening frees the engine as well', async () => {
    for await (const event of tiny.chat(LONG_ANSWER, AbortSignal.timeout(20_000))) if (event.type === 'text') break;
    expect(await answers()).toBeGreaterThan(0);
  });

  test('before it began, while the model loads, and while it waits for another', async () => {
    await expect(collect(tiny, ask('x'), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(bench.engine.pid()).toBeNull();

    const whileLoading = new AbortController();
    const loading = tiny.chat(ask('x'), whileLoading.signal)[Symbol.asyncIterator]();
    expect((await loading.next()).value).toMatchObject({ type: 'loading' });
    whileLoading.abort();
    await expect(drain(loading)).rejects.toMatchObject({ code: 'cancelled' });

    const first = await beginLongAnswer(tiny);
    const whileWaiting = new AbortController();
    const waiting = collect(tiny, ask('x'), whileWaiting.signal);
    whileWaiting.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    // The one that was being written is not touched.
    await drain(first);
    expect(await answers()).toBeGreaterThan(0);
  });

  test('an engine that does not obey is killed, and the next question starts it anew', async () => {
    const stop = new AbortController();
    const events = await beginLongAnswer(tiny, stop.signal);
    const pid = pidNow();
    process.kill(pid, 'SIGSTOP');
    stop.abort();
    await expect(drain(events)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await answers()).toBeGreaterThan(0);
    expect(isAlive(pid)).toBe(false);
    expect(bench.engine.pid()).not.toBe(pid);
  });
});

describe('an engine that fails', () => {
  test('killed while writing: this answer fails with how, the next is answered by a new one', async () => {
    const events = await beginLongAnswer(tiny);
    const pid = pidNow();
    process.kill(pid, 'SIGKILL');
    await expect(drain(events)).rejects.toMatchObject({ code: 'engine_crashed', params: { how: 'SIGKILL' } });
    const next = await collect(tiny, ask('hello', { maxTokens: 3 }));
    expect(next.isLoaded).toBe(true);
    expect(bench.engine.pid()).not.toBe(pid);
  });

  test('killed while idle: the next question does not notice', async () => {
    await answers();
    process.kill(pidNow(), 'SIGKILL');
    await vi.waitFor(() => expect(bench.engine.pid()).toBeNull());
    expect((await tiny.look(AbortSignal.timeout(5_000))).state).toBe('asleep');
    expect(await answers()).toBeGreaterThan(0);
  });

  test('silent while writing: given up after the limit of the settings', async () => {
    await bench.settings.set({ timeouts: { silenceMs: 200 } });
    const events = await beginLongAnswer(tiny);
    process.kill(pidNow(), 'SIGSTOP');
    await expect(drain(events)).rejects.toMatchObject({ code: 'backend_silent', params: { seconds: 0.2 } });
  });

  test('silent before the first token', async () => {
    await answers();
    await bench.settings.set({ timeouts: { firstTokenMs: 200 } });
    process.kill(pidNow(), 'SIGSTOP');
    await expect(collect(tiny, ask('x'))).rejects.toMatchObject({ code: 'backend_first_token_timeout' });
  });

  test('loading longer than the limit', async () => {
    // Reading the library alone takes longer than this.
    await bench.settings.set({ timeouts: { loadMs: 100 } });
    await expect(collect(tiny, ask('x'))).rejects.toMatchObject({
      code: 'backend_load_timeout',
      params: { model: 'tiny', seconds: 0.1 },
    });
    await bench.settings.set({ timeouts: { loadMs: 20_000 } });
    expect(await answers()).toBeGreaterThan(0);
  });

  test('without its library: told by the question, and by every look after it', async () => {
    const elsewhere = join(bench.folder, 'engine');
    cpSync(dirname(ENGINE_PATH), elsewhere, { recursive: true });
    writeFileSync(join(bench.folder, 'package.json'), '{"type":"module"}');
    const enginePath = join(elsewhere, 'engine-process.ts');
    const { settings, modelsFolder } = bench;
    const engine = createLlamaEngine({ enginePath, appRoot: resolve('.'), settings, modelsFolder });
    onTestFinished(() => engine.stop());
    const backend = engine.forFile(TINY_MODEL);
    const problem = { code: 'engine_unavailable', params: { reason: expect.stringContaining('not installed') } };
    await expect(collect(backend, ask('x'))).rejects.toMatchObject(problem);
    expect(await backend.look(AbortSignal.timeout(5_000))).toMatchObject({ state: 'unavailable', problem });
  });

  test('without a Node to run it', async () => {
    const lost = await openBench({ ...process.env, HEARTH_NODE: '/nowhere/node' });
    onTestFinished(() => lost.end());
    await expect(collect(lost.engine.forFile(TINY_MODEL), ask('x'))).rejects.toMatchObject({
      code: 'engine_unavailable',
      params: { reason: expect.stringContaining('/nowhere/node') },
    });
  });
});

describe('the end', () => {
  test('stop ends a running answer as cancelled and leaves no process; later questions are refused', async () => {
    const events = await beginLongAnswer(tiny);
    const pid = pidNow();
    const rest = drain(events);
    const refused = expect(rest).rejects.toMatchObject({ code: 'cancelled' });
    await Promise.all([bench.engine.stop(), bench.engine.stop()]);
    await refused;
    expect(isAlive(pid)).toBe(false);
    await expect(collect(tiny, ask('x'))).rejects.toMatchObject({ code: 'cancelled' });
    expect(bench.engine.pid()).toBeNull();
  });

  test('stop kills an engine that does not react', async () => {
    await answers();
    const pid = pidNow();
    process.kill(pid, 'SIGSTOP');
    await bench.engine.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test('the engine ends by itself when its parent is killed in the middle of an answer', async () => {
    const parent = spawn(process.execPath, [fileURLToPath(new URL('./parent.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const pid = await new Promise<number>((told) => parent.stdout.once('data', (text) => told(Number(text))));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
  });
});
