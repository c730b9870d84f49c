// The built-in engine: the real library in its real process, with a real model of random weights.
//
// What a model says can't be scripted, but what it may say can: an answer in the format of one constant is that constant,
// chosen token by token.
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { ask, collect, isAlive, LONG_ANSWER, openBench, TINY_MODEL } from '../../../llamacpp/support.ts';
import { atEnd } from '../../setup.ts';
import type { Behaviour, Conditions, Scripted, Stage, Subject } from '../subject.ts';
import { PATIENT } from '../subject.ts';
import { proveVectors, seenBy } from './proofs.ts';

/** Asks for exactly this text. */
function saying(text: string, question = 'Say it.'): Scripted {
  return { request: { ...ask(question), format: { const: text } }, text };
}

const OWN_WORDS: Scripted = { request: ask('hello', { seed: 7, temperature: 2, maxTokens: 12 }), text: null };

const FORMAT = { type: 'object', properties: { isGood: { type: 'boolean' } }, required: ['isGood'] };

async function open({ limits }: Conditions = {}): Promise<Stage> {
  const env = { ...process.env };
  const bench = await openBench(env);
  atEnd(() => bench.end());
  const file = join(bench.modelsFolder, 'tiny.gguf');
  await copyFile(TINY_MODEL, file);
  await bench.settings.set({ timeouts: PATIENT });
  const backend = bench.engine.backend();
  await backend.look(AbortSignal.timeout(10_000));
  const pids = new Set<number>();
  let stopped: number | null = null;
  const signalEngine = (signal: NodeJS.Signals) => {
    const pid = bench.engine.pid();
    if (pid === null) throw new Error('no engine runs');
    process.kill(pid, signal);
    if (signal === 'SIGSTOP') stopped = pid;
  };
  const sawPid = () => {
    const pid = bench.engine.pid();
    if (pid !== null) pids.add(pid);
    return pids;
  };
  let strike = (): void => {};

  async function script(behaviour: Behaviour): Promise<Scripted> {
    strike = () => undefined;
    switch (behaviour.does) {
      case 'answer':
        await bench.settings.set({ timeouts: PATIENT });
        if (behaviour.isCut) return { request: ask('hello', { seed: 7, temperature: 2, maxTokens: 3 }), text: null };
        return behaviour.pieces === undefined ? OWN_WORDS : saying(behaviour.pieces.join(''));
      case 'hold':
        break;
      case 'stall':
        if (behaviour.at === 'before') {
          await collect(backend, saying('ready').request);
          signalEngine('SIGSTOP');
        } else strike = () => signalEngine('SIGSTOP');
        break;
      case 'die':
        strike = () => signalEngine('SIGKILL');
        break;
      case 'end':
        strike = () => signalEngine('SIGTERM');
        break;
      case 'absent':
        await rm(file);
        break;
      case 'refuse':
        // Only who reads all of it sees that it is none.
        await writeFile(file, `GGUF${'x'.repeat(10_000)}`);
        break;
      case 'garble':
        await writeFile(file, '<html>not found</html>');
        break;
      case 'unstartable':
        env.HEARTH_NODE = '/nowhere/node';
        break;
      case 'load':
        break;
      case 'fail':
      case 'hang':
        throw new Error(`can't ${behaviour.does}`);
      default:
        behaviour satisfies never;
    }
    await bench.settings.set({ timeouts: { ...PATIENT, ...limits } });
    return { request: LONG_ANSWER, text: null };
  }

  return {
    backend,
    script,
    strike: () => strike(),
    // Its process reads the library, then the model.
    reached: () => vi.waitFor(() => expect(bench.engine.pid()).not.toBeNull(), { timeout: 20_000, interval: 5 }),
    // Its process tells nobody what it does: that the next question is answered shows it.
    expectLeft: () => expect(sawPid().size).toBeGreaterThan(0),
    many: (count) =>
      Promise.resolve(Array.from({ length: count }, (_, index) => saying(`answer ${index}`, `Question ${index}`))),
    read: (text) => JSON.parse(text) as string,
    asked: () => sawPid().size,
    open: () => [...sawPid()].filter(isAlive).length,
    kept: 1,
    stop() {
      // One that stands still would have to be killed, after a while.
      if (stopped !== null && isAlive(stopped)) process.kill(stopped, 'SIGCONT');
      return bench.engine.stop();
    },
  };
}

export const llamacpp: Subject = {
  name: 'built-in llama.cpp',
  named: 'The built-in engine',
  open,
  firstWords: null,
  codes: {
    refuse: 'model_file_invalid',
    absent: 'no_model_file',
    unstartable: 'engine_unavailable',
    die: 'engine_crashed',
    end: 'engine_crashed',
  },
  looks: [
    // A look starts nothing.
    { when: { does: 'answer' }, state: 'asleep', code: null },
    { when: { does: 'absent' }, state: 'unavailable', code: 'no_model_file' },
    { when: { does: 'garble' }, state: 'unavailable', code: 'model_file_invalid' },
  ],
  models: ['tiny'],
  proofs: {
    async format({ backend }) {
      const { text } = await collect(backend, { ...ask('Good?', { seed: 3 }), format: FORMAT });
      expect(JSON.parse(text)).toEqual({ isGood: expect.any(Boolean) });
    },
    async thinking(stage) {
      // A model of random weights has no thoughts to show; asked for none it answers as ever.
      expect(await seenBy(stage, { ...ask('hello', { maxTokens: 5 }), think: false })).toBe('');
    },
    embeddings: ({ backend }) => proveVectors(backend, null),
  },
  notApplicable: {
    'fails in the middle': 'a library that computes can’t be made to fail without ending its process',
    'does not connect in time': 'there is no connection: until its process is ready, the limit of loading counts',
    'keeps a megabyte whole': 'the model has room for 2,048 tokens',
    'is stopped when it repeats itself': 'before a model of random weights does, its 2,048 tokens are full',
    'keeps secrets to itself': 'it is given no key',
  },
};
