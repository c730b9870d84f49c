import { spawn } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createBackends } from '../../../src/main/backends/index.ts';
import type { Backend, ChatEvent } from '../../../src/main/backends/interface.ts';
import { freePort } from '../../../src/main/backends/mlx/port.ts';
import { addressReader, createPlaces } from '../../../src/main/ollama/index.ts';
import { memorySettings } from '../../support/memory-settings.ts';
import { isAlive, untilGone } from '../../support/processes.ts';
import { mlxQuestions, mlxStarts } from '../../support/stand-in-mlx/index.ts';
import { collect, openBench, TINY_MODEL } from '../llamacpp/support.ts';
import { ask, type MlxBench, openMlxBench } from './support.ts';

const MINUTE_MS = 60_000;
let bench: MlxBench;
afterEach(() => bench.end());

const look = (backend: Backend) => backend.look(AbortSignal.timeout(5_000));
/** The events until there is text. */
async function begin(backend: Backend, signal: AbortSignal): Promise<AsyncIterator<ChatEvent>> {
  const events = backend.chat(ask('hello'), signal)[Symbol.asyncIterator]();
  for (let at = await events.next(); at.value?.type !== 'text'; at = await events.next())
    if (at.done) throw new Error('there was no text');
  return events;
}

describe('a question', () => {
  test('starts the server with the model, tells that it loads, and is answered; the next one finds it there', async () => {
    bench = await openMlxBench();
    expect(await look(bench.backend)).toMatchObject({ state: 'asleep', isOwned: false, url: 'mlx://stand-in/plain' });
    expect(bench.pids()).toEqual([]);
    const first = await collect(bench.backend, ask('hello'));
    expect(first.events[0]).toEqual({ type: 'loading', model: 'stand-in/plain' });
    expect(first).toMatchObject({ text: 'stand-in/plain heard hello', done: { reason: 'stop' } });
    expect(first.done?.usage).toMatchObject({ promptTokens: 7, answerTokens: 3 });
    expect(await look(bench.backend)).toMatchObject({ state: 'ready', isOwned: true, problem: null });
    const second = await collect(bench.backend, ask('again'));
    expect(second).toMatchObject({ isLoaded: false, text: 'stand-in/plain heard again' });
    expect(mlxStarts(bench.folder)).toMatchObject([{ model: 'stand-in/plain', host: '127.0.0.1' }]);
  });

  test('two at once share one server, and no answer is cut after the 512 tokens of its default', async () => {
    bench = await openMlxBench();
    const answers = await Promise.all(['a', 'b'].map((word) => collect(bench.backend, ask(word))));
    expect(answers.map(({ text }) => text)).toEqual(['stand-in/plain heard a', 'stand-in/plain heard b']);
    expect(bench.pids()).toHaveLength(1);
    await collect(bench.backend, ask('c', { options: { maxTokens: 5 } }));
    expect(mlxQuestions(bench.folder)).toMatchObject([
      { max_tokens: 16_384 },
      { max_tokens: 16_384 },
      { max_tokens: 5 },
    ]);
  });

  test('keeps what it asks for, in the words of this server', async () => {
    bench = await openMlxBench();
    const options = { temperature: 0.5, topP: 0.9, topK: 20, minP: 0.1, repeatPenalty: 1.1, seed: 3, stop: ['###'] };
    await collect(bench.backend, ask('hello', { options, think: false }));
    expect(mlxQuestions(bench.folder)[0]).toMatchObject({
      model: 'default_model',
      temperature: 0.5,
      top_p: 0.9,
      top_k: 20,
      min_p: 0.1,
      repetition_penalty: 1.1,
      seed: 3,
      stop: ['###'],
      chat_template_kwargs: { enable_thinking: false },
    });
  });

  test('for another model starts the server anew with that one', async () => {
    bench = await openMlxBench();
    await collect(bench.backend, ask('hello'));
    const other = await collect(bench.mlx.forModel('stand-in/other'), ask('hello'));
    expect(other).toMatchObject({ isLoaded: true, text: 'stand-in/other heard hello' });
    const wished = await collect(bench.backend, ask('hello', { model: 'stand-in/plain' }));
    expect(wished.text).toBe('stand-in/plain heard hello');
    expect(mlxStarts(bench.folder).map(({ model }) => model)).toEqual([
      'stand-in/plain',
      'stand-in/other',
      'stand-in/plain',
    ]);
    expect(bench.pids().filter(isAlive)).toHaveLength(1);
  });

  test('whose port was taken in between gets another', async () => {
    const taken = createServer();
    await new Promise<void>((listening) => {
      taken.listen(0, '127.0.0.1', listening);
    });
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const ports = [Promise.resolve(port), freePort()];
    bench = await openMlxBench('stand-in/plain', { port: () => ports.shift() ?? freePort() });
    expect((await collect(bench.backend, ask('hello'))).text).toBe('stand-in/plain heard hello');
    expect(mlxStarts(bench.folder)).toHaveLength(2);
  });

  test('that is stopped ends at once, while it starts and while it answers', async () => {
    bench = await openMlxBench('stand-in/hangs');
    const starting = new AbortController();
    const loading = bench.backend.chat(ask('x'), starting.signal)[Symbol.asyncIterator]();
    expect((await loading.next()).value).toEqual({ type: 'loading', model: 'stand-in/hangs' });
    const rest = loading.next();
    await vi.waitFor(() => expect(bench.pids()).toHaveLength(1), { timeout: 10_000 });
    starting.abort();
    await expect(rest).rejects.toMatchObject({ code: 'cancelled' });
    await untilGone(bench.pids());

    const answering = new AbortController();
    const events = await begin(bench.mlx.forModel('stand-in/waits'), answering.signal);
    answering.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
    // The server keeps its model.
    expect(bench.pids().filter(isAlive)).toHaveLength(1);
  });
});

describe('a server that fails', () => {
  test('at its start is an error with its last words, and the next question tries again', async () => {
    bench = await openMlxBench('stand-in/unknown');
    for (const times of [1, 2]) {
      await expect(collect(bench.backend, ask('hello'))).rejects.toMatchObject({
        code: 'backend_failed',
        params: {
          backend: 'MLX',
          reason:
            'mlx_lm.server ended (exit code 1) and said “RepositoryNotFoundError: 401 Client Error for stand-in/unknown”',
        },
      });
      expect(mlxStarts(bench.folder)).toHaveLength(times);
    }
    expect(await look(bench.backend)).toMatchObject({ state: 'asleep' });
    expect(existsSync(bench.pidPath)).toBe(false);
  });

  test('by never being ready is given up after the limit of loading', async () => {
    bench = await openMlxBench('stand-in/hangs', { settings: { timeouts: { loadMs: 1_500 } } });
    await expect(collect(bench.backend, ask('hello'))).rejects.toMatchObject({
      code: 'backend_load_timeout',
      params: { backend: 'MLX', model: 'stand-in/hangs', seconds: 1.5 },
    });
    await untilGone(bench.pids());
  });

  test('in the middle is an error of that answer, with its last words but not its notes of requests', async () => {
    bench = await openMlxBench('stand-in/crashes');
    const events: ChatEvent[] = [];
    const asked = (async () => {
      for await (const event of bench.backend.chat(ask('hello'), AbortSignal.timeout(20_000))) events.push(event);
    })();
    await expect(asked).rejects.toMatchObject({
      code: 'backend_failed',
      params: {
        reason:
          'mlx_lm.server ended (signal SIGKILL) and said “libc++abi: terminating due to uncaught exception: Insufficient Memory”',
      },
    });
    expect(events.at(-1)).toEqual({ type: 'text', text: 'stand-in/crashes heard ' });
    const next = await collect(bench.mlx.forModel('stand-in/plain'), ask('hello'));
    expect(next.text).toBe('stand-in/plain heard hello');
  });

  test('while nobody asks it is not noticed by the next question', async () => {
    bench = await openMlxBench();
    await collect(bench.backend, ask('hello'));
    const pid = await bench.mlx.pid();
    process.kill(pid!, 'SIGKILL');
    await vi.waitFor(async () => expect((await look(bench.backend)).state).toBe('asleep'));
    expect((await collect(bench.backend, ask('again'))).isLoaded).toBe(true);
  });
});

describe('where it can’t run', () => {
  test.each([
    ['another system', { platform: 'linux' } as const, 'MLX needs a Mac with Apple Silicon.'],
    ['a Mac with Intel', { arch: 'x64' }, 'MLX needs a Mac with Apple Silicon.'],
    ['a Mac without the program', { env: { PATH: '/nowhere' } }, 'mlx_lm.server was not found.'],
  ])('%s: it says why, and nothing is started or asked', async (_, place, reason) => {
    const port = vi.fn(freePort);
    bench = await openMlxBench('stand-in/plain', { ...place, port });
    const problem = { code: 'mlx_unavailable', params: { reason: expect.stringContaining(reason) } };
    expect(await look(bench.backend)).toMatchObject({ state: 'unavailable', problem, isOwned: false });
    await expect(collect(bench.backend, ask('hello'))).rejects.toMatchObject(problem);
    expect(bench.pids()).toEqual([]);
    expect(port).not.toHaveBeenCalled();
  });

  test('it stays in the list with its reason, and the next one answers', async () => {
    bench = await openMlxBench('stand-in/plain', { platform: 'linux' });
    const settings = memorySettings({ ollama: { address: '127.0.0.1:1', startWhenNeeded: false } });
    const places = createPlaces({
      address: addressReader(() => settings.get().ollama.address, {}),
      server: null,
      isStartAllowed: () => false,
      connectTimeoutMs: () => settings.get().timeouts.connectMs,
    });
    const other = await openBench();
    onTestFinished(() => other.end());
    const { modelsFolder, engine: llama } = other;
    const backends = createBackends({ settings, places, ollamaServer: null, llama, mlx: bench.mlx });
    onTestFinished(() => backends.stop());
    const { backends: listed } = await backends.check();
    expect(listed.find(({ id }) => id === 'mlx')).toMatchObject({
      kind: 'mlx',
      label: 'MLX',
      state: 'unavailable',
      problem: { code: 'mlx_unavailable' },
    });
    expect((await backends.plan({}, AbortSignal.timeout(5_000))).candidates.map(({ id }) => id)).toEqual(['demo']);
    cpSync(TINY_MODEL, path.join(modelsFolder, 'tiny.gguf'));
    await backends.check();
    const plan = await backends.plan({}, AbortSignal.timeout(5_000));
    expect(plan.candidates[0]?.id).toBe('llamacpp');
    // By its URL it is the one that was asked for, and says why it can't.
    const { signal } = new AbortController();
    const named = await backends.plan({ backend: 'mlx://stand-in/plain' }, signal);
    const answer = (async () => {
      for await (const event of backends.run(named, { messages: ask('x').messages }, signal))
        expect(event.type).toBe('source');
    })();
    await expect(answer).rejects.toMatchObject({ code: 'mlx_unavailable' });
    expect(bench.pids()).toEqual([]);
  });

  test('without a model it says how to choose one', async () => {
    bench = await openMlxBench(null);
    const problem = { code: 'mlx_unavailable', params: { reason: expect.stringContaining('No model is chosen.') } };
    expect(await look(bench.backend)).toMatchObject({ state: 'unavailable', problem, models: [] });
    expect(bench.backend.modelFor(null)).toBeNull();
    // One that is named needs no setting.
    expect((await collect(bench.mlx.forModel('stand-in/plain'), ask('x'))).text).toBe('stand-in/plain heard x');
  });
});

describe('the end', () => {
  test('comes when it was not asked for the minutes of the settings, never while it answers', async () => {
    bench = await openMlxBench('stand-in/plain', { settings: { llamacpp: { idleMinutes: 3 } } });
    await collect(bench.backend, ask('hello'));
    const stop = new AbortController();
    const events = await begin(bench.mlx.forModel('stand-in/waits'), stop.signal);
    expect(bench.time.waiting()).toEqual([]);
    stop.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
    // The engine is told of the end after the one who asked.
    const { time } = bench;
    await expect.poll(() => time.waiting()).toEqual([3 * MINUTE_MS]);
    expect(time.ring(3 * MINUTE_MS)).toBe(1);
    await untilGone(bench.pids());
    expect(await look(bench.backend)).toMatchObject({ state: 'asleep', isOwned: false });
    expect((await collect(bench.backend, ask('again'))).isLoaded).toBe(true);
  });

  test('comes with Hearth, also in the middle of an answer', async () => {
    bench = await openMlxBench('stand-in/waits');
    const events = await begin(bench.backend, AbortSignal.timeout(20_000));
    const rest = expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
    await bench.mlx.stop();
    await rest;
    expect(bench.pids().filter(isAlive)).toEqual([]);
    expect(existsSync(bench.pidPath)).toBe(false);
    await expect(collect(bench.backend, ask('x'))).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('comes with a Hearth that is killed', async () => {
    bench = await openMlxBench();
    const script = fileURLToPath(new URL('./parent.ts', import.meta.url));
    const parent = spawn(process.execPath, [script, bench.folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void parent.kill('SIGKILL'));
    await new Promise((answered) => parent.stdout.once('data', answered));
    expect(bench.pids().filter(isAlive)).toHaveLength(1);
    parent.kill('SIGKILL');
    await untilGone(bench.pids());
  });
});
