// What every backend keeps, case by case. None of it knows which backend it is about.
import { expect, vi } from 'vitest';
import type { ErrorCode } from '../../../../src/contract/errors.ts';
import { continued } from '../../../../src/main/backends/continuation/continuation.ts';
import { ended } from '../../../../src/main/backends/ending/ending.ts';
import type { ChatRequest } from '../../../../src/main/backends/interface.ts';
import { allOf } from '../remote-setup.ts';
import { hear, type Heard } from '../setup.ts';
import { asked, hearUntilText, type Trial } from './ask.ts';
import { expectAnswer, expectFailure, expectNamed, expectNoEnd } from './expectations.ts';
import type { Behaviour, CaseName, Stage, Subject, Trouble } from './subject.ts';

type Case = (trial: Trial, subject: Subject) => Promise<void>;

const KEY = 'sk-verysecret/with"quotes';
/** Emoji of several code points, combining characters, CJK beyond the first plane, right to left, and what JSON escapes. */
const CHARACTERS = '👩‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0323 Grüße 日本語𠮷 한국어 שלום "\\\n🇳🇴';
const CODE_POINTS = Array.from(CHARACTERS);
const MEGABYTE = 1024 * 1024;

export const CASES: Record<CaseName, Case> = {
  'streams an answer': async (trial) => {
    const stage = await trial.open();
    const { heard, text } = await asked(trial, stage, { does: 'answer' });
    expectAnswer(stage, heard, text);
  },

  'gives the same answer whole': async (trial) => {
    const stage = await trial.open();
    const { heard: streamed } = await asked(trial, stage, { does: 'answer' });
    const { heard: whole } = await asked(trial, stage, { does: 'answer' }, { delivery: 'whole' });
    expectAnswer(stage, whole, null);
    expect(whole.text).toBe(streamed.text);
  },

  'is stopped before the first token': async (trial) => {
    const stage = await trial.open();
    const { request } = await stage.script({ does: 'hold', at: 'before' });
    const stop = trial.signal();
    const heard = hear(stage.backend.chat(request, stop.signal));
    await stage.reached();
    stop.abort();
    const { error, text } = await heard;
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(text).toBe('');
    await leftAndUsable(trial, stage);
  },

  'is stopped after the first token': async (trial) => {
    const stage = await trial.open();
    const { request } = await stage.script({ does: 'hold', at: 'after' });
    const stop = trial.signal();
    const heard = await hearUntilText(stage.backend.chat(request, stop.signal), () => stop.abort());
    expect(heard.error).toMatchObject({ code: 'cancelled' });
    expect(heard.text).not.toBe('');
    expectNoEnd(heard);
    await leftAndUsable(trial, stage);
  },

  'is left early': async (trial) => {
    const stage = await trial.open();
    const { request } = await stage.script({ does: 'hold', at: 'after' });
    for await (const event of stage.backend.chat(request, trial.signal().signal)) if (event.type === 'text') break;
    await leftAndUsable(trial, stage);
  },

  'asks nothing once it was stopped': async (trial) => {
    const stage = await trial.open();
    const { request } = await stage.script({ does: 'answer' });
    const before = stage.asked();
    const stop = trial.signal();
    stop.abort();
    for (const delivery of ['stream', 'whole'] as const) {
      const { error, events } = await hear(stage.backend.chat({ ...request, delivery }, stop.signal));
      expect(error).toMatchObject({ code: 'cancelled' });
      expect(events).toEqual([]);
    }
    const vectors = stage.backend.embed?.(['a'], { model: null, signal: stop.signal });
    if (vectors !== undefined) await expect(vectors).rejects.toMatchObject({ code: 'cancelled' });
    expect(stage.asked()).toBe(before);
    await usable(trial, stage);
  },

  'fails before the stream': (trial, subject) => failsWith(trial, subject, { does: 'refuse' }, ''),
  'finds nobody there': (trial, subject) => failsWith(trial, subject, { does: 'absent' }, ''),
  'can’t start its process': (trial, subject) => failsWith(trial, subject, { does: 'unstartable' }, ''),
  'fails in the middle': (trial, subject) => failsWith(trial, subject, { does: 'fail' }, subject.firstWords),
  'breaks off in the middle': (trial, subject) => failsWith(trial, subject, { does: 'die' }, subject.firstWords),
  'ends without its end': (trial, subject) => failsWith(trial, subject, { does: 'end' }, subject.firstWords),

  'does not connect in time': async (trial) => {
    const stage = await trial.open({ isDeaf: true, limits: { connectMs: 200 } });
    const { heard } = await asked(trial, stage, { does: 'answer' });
    expectFailure(heard, 'backend_connect_timeout', '');
    expect(allOf(heard.error)).toContain(stage.backend.describe(null).host);
  },

  'does not begin in time': async (trial, subject) => {
    const names = subject.firstTokenLimits ?? ['firstTokenMs'];
    const stage = await trial.open({ limits: Object.fromEntries(names.map((name) => [name, 200])) });
    const { heard } = await asked(trial, stage, { does: 'stall', at: 'before' });
    expectFailure(heard, 'backend_first_token_timeout', '');
    expectNamed(heard.error, subject);
    await vi.waitFor(() => stage.expectLeft());
  },

  'falls silent': async (trial, subject) => {
    const stage = await trial.open({ limits: { silenceMs: 200 } });
    const { heard } = await asked(trial, stage, { does: 'stall', at: 'after' });
    expectFailure(heard, 'backend_silent', subject.firstWords);
    expectNamed(heard.error, subject);
    await vi.waitFor(() => stage.expectLeft());
  },

  'loads for too long': async (trial, subject) => {
    const stage = await trial.open({ limits: { loadMs: 200 } });
    const { heard } = await asked(trial, stage, { does: 'load' });
    expectFailure(heard, 'backend_load_timeout', '');
    expectNamed(heard.error, subject);
    expect(heard.events).toEqual([{ type: 'loading', model: expect.stringMatching(/./) }]);
  },

  'keeps characters that are split': async (trial) => {
    const stage = await trial.open();
    // Beside one another, and each where its bytes would end.
    for (const pieces of [[CHARACTERS], CODE_POINTS])
      for (const splitBytes of [1, 2, 3, 5, 7]) {
        const { heard, text } = await asked(trial, stage, { does: 'answer', pieces, splitBytes });
        expect(text).toBe(CHARACTERS);
        expectAnswer(stage, heard, CHARACTERS);
      }
  },

  'keeps a megabyte whole': async (trial) => {
    const stage = await trial.open();
    const line = `${'·'.repeat(127)}\n`;
    for (const pieces of [['x'.repeat(MEGABYTE)], Array.from({ length: MEGABYTE / 255 }, (_, at) => `${at} ${line}`)]) {
      const { heard } = await asked(trial, stage, { does: 'answer', pieces });
      expectAnswer(stage, heard, null);
      // Not `toBe`: two megabytes side by side are no help.
      expect(heard.text === pieces.join('')).toBe(true);
    }
  },

  'says that it was cut at its length': async (trial) => {
    const stage = await trial.open();
    const { heard } = await askedToItsEnd(trial, stage, { does: 'answer', isCut: true });
    const cut = { why: 'length', limitTokens: expect.any(Number) };
    expect(heard.events.at(-1)).toMatchObject({ type: 'done', reason: 'length', usage: { cut } });
  },

  'goes on with an answer': async (trial) => {
    const stage = await trial.open();
    const { request, text } = await stage.script({ does: 'answer', pieces: [' deep', '.'] });
    const messages = [...request.messages, { role: 'assistant' as const, content: 'The sea is' }];
    const { signal } = trial.signal();
    const { backend } = stage;
    const ask = (asked: ChatRequest) => backend.chat(asked, signal);
    const heard = await hear(continued({ backend, request: { ...request, messages, goesOn: true }, ask, signal }));
    expectAnswer(stage, heard, text);
  },

  'is stopped when it repeats itself': async (trial) => {
    const stage = await trial.open();
    // More than the buffers of a connection hold: it is seen on the other side that nobody reads on.
    const pieces = Array.from({ length: 100_000 }, () => 'The same again.\n');
    const { heard } = await askedToItsEnd(trial, stage, { does: 'answer', pieces });
    expect(heard.error).toBeNull();
    expect(heard.events.at(-1)).toMatchObject({ type: 'done', usage: { cut: { why: 'repetition' } } });
    // What came is kept whole.
    expect(heard.text).toMatch(/^(?:The same again\.\n)+$/);
    expect(heard.text.length).toBeLessThan(10_000);
    await leftAndUsable(trial, stage);
  },

  'answers a hundred at once': async (trial) => {
    const stage = await trial.open();
    const questions = await stage.many(100);
    const { signal } = trial.signal();
    const heard = await Promise.all(questions.map(({ request }) => hear(stage.backend.chat(request, signal))));
    for (const [index, one] of heard.entries()) expectAnswer(stage, one, questions[index]?.text ?? null);
    expect(new Set(questions.map(({ text }) => text)).size).toBeGreaterThan(1);
    await vi.waitFor(() => expect(stage.open()).toBeLessThanOrEqual(stage.kept));
  },

  'looks without throwing': async (trial, { looks }) => {
    for (const { when, state, code } of looks) {
      const stage = await trial.open({ limits: { connectMs: when.does === 'hang' ? 200 : 20_000 } });
      await stage.script(when);
      for (const depth of ['look', 'wake'] as const) {
        const health = await stage.backend.look(trial.signal().signal, depth);
        expect(health, when.does).toMatchObject({ state, problem: code === null ? null : { code } });
        expect(health.url).not.toBe('');
        expect(health.models).toBeInstanceOf(Array);
      }
      expect(await stage.backend.look(AbortSignal.abort())).toHaveProperty('state');
    }
  },

  'tells what it is': async (trial, { models }) => {
    const stage = await trial.open();
    const { backend } = stage;
    const told = () => {
      const { id, kind, label, lane, abilities, concurrency } = backend;
      const model = backend.modelFor(null);
      return { id, kind, label, lane, abilities: [...abilities], concurrency, model, ...backend.describe(model) };
    };
    await backend.look(trial.signal().signal);
    const before = told();
    for (const word of [before.id, before.kind, before.label, before.lane, before.url]) expect(word).toMatch(/\S/);
    expect(before.concurrency).toBeGreaterThan(0);
    expect((await backend.models(trial.signal().signal)).map(({ name }) => name)).toEqual(models);
    expect(before.model).toBe(models[0] ?? null);
    await usable(trial, stage);
    expect(told()).toEqual(before);
  },

  'keeps secrets to itself': async (trial, subject) => {
    const openKeyed = () => trial.open({ key: KEY, limits: { connectMs: 500 } });
    for (const [does, code] of Object.entries(subject.codes) as [Trouble, ErrorCode][]) {
      const { heard } = await asked(trial, await openKeyed(), { does, said: `bad ${KEY}` } as Behaviour);
      expectFailure(heard, code, null);
      expect(allOf(heard.error)).not.toContain('verysecret');
      // What the server said is there, without what it repeated.
      if (does === 'refuse') expect(allOf(heard.error)).toContain('bad ***');
    }
    for (const { when } of subject.looks) {
      const stage = await openKeyed();
      await stage.script(when);
      expect(JSON.stringify(await stage.backend.look(trial.signal().signal))).not.toContain('verysecret');
    }
  },

  'has the abilities it claims': async (trial, { proofs }) => {
    const stage = await trial.open();
    const { backend } = stage;
    expect(Object.keys(proofs).toSorted()).toEqual([...backend.abilities].toSorted());
    expect(backend.embed !== undefined).toBe(backend.abilities.includes('embeddings'));
    for (const prove of Object.values(proofs)) await prove(stage);
  },
};

/** As the chat asks: the answer has an end. */
async function askedToItsEnd(trial: Trial, stage: Stage, behaviour: Behaviour): Promise<{ heard: Heard }> {
  const { request } = await stage.script(behaviour);
  const events = stage.backend.chat(request, trial.signal().signal);
  return { heard: await hear(ended(events, { request, maxTokens: null })) };
}

async function failsWith(trial: Trial, subject: Subject, trouble: Behaviour, kept: string | null): Promise<void> {
  const stage = await trial.open();
  const { heard } = await asked(trial, stage, trouble);
  expectFailure(heard, subject.codes[trouble.does as Trouble], kept);
}

async function leftAndUsable(trial: Trial, stage: Stage): Promise<void> {
  await vi.waitFor(() => stage.expectLeft(), { timeout: 10_000 });
  await usable(trial, stage);
}

async function usable(trial: Trial, stage: Stage): Promise<void> {
  const { heard, text } = await asked(trial, stage, { does: 'answer' });
  expectAnswer(stage, heard, text);
}
