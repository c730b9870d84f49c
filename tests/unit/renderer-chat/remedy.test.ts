// Which buttons stand on the card of a failed answer: only what can work, for every error that an answer can end with.
import { describe, expect, it } from 'vitest';
import words from '../../../resources/locales/en/chat.json' with { type: 'json' };
import type { BackendStatus } from '../../../src/contract/backends.ts';
import { ErrorCode, type ErrorParams } from '../../../src/contract/errors.ts';
import { Settings } from '../../../src/contract/settings.ts';
import { withAttempt } from '../../../src/renderer/features/chat/attempts.ts';
import {
  type Known,
  MOST_REMEDIES,
  remediesFor,
  type Remedy,
  remedyForDemo,
} from '../../../src/renderer/features/chat/remedy.ts';
import { isAnswerCode, waysFor } from '../../../src/renderer/features/chat/remedy-ways.ts';
import { answerMessage, newMessageId } from '../../support/answers.ts';
import { installed } from '../../support/component/fake-models.ts';
import { ollamaReady } from '../../support/fake-main.ts';

const CODES = ErrorCode.options.filter(isAnswerCode);
const [ollama] = ollamaReady.backends as [BackendStatus];
const studio: BackendStatus = {
  ...ollama,
  id: 'studio',
  kind: 'openai',
  label: 'Studio',
  host: 'studio:1234',
  origin: 'added',
};

/** Nobody else is there, and nothing can be done. */
const nothing: Known = {
  place: { kind: null, host: null },
  model: null,
  backend: null,
  others: [],
  installed: [],
  smaller: null,
  room: null,
  engine: 'ready',
  settings: Settings.parse({}),
  hasEarlier: false,
  canGoOn: false,
  waitMs: 0,
  isMended: false,
  tried: [],
};
const atOllama: Known = { ...nothing, place: { kind: 'ollama', host: '127.0.0.1:11434' }, backend: ollama };
const atStudio: Known = { ...nothing, place: { kind: 'openai', host: 'studio:1234' }, backend: studio };
/** All that could ever help is there. */
const everything: Known = {
  ...atOllama,
  others: [studio],
  installed: [installed('gemma3:1b', { loaded: { sizeBytes: 1, gpuBytes: null, expiresAtMs: null } })],
  smaller: { backend: 'ollama', model: 'gemma3:1b' },
  room: { type: 'can', tokens: 8_192, moreBytes: 5e8 },
  engine: 'stopped',
  hasEarlier: true,
  canGoOn: true,
};

const errorOf = (code: ErrorCode, params: ErrorParams = {}) => ({ code, message: '', params });
const types = (code: ErrorCode, known: Known, params: ErrorParams = {}) =>
  remediesFor(errorOf(code, params), known).map(({ type }) => type);
const find = (type: Remedy['type'], code: ErrorCode, known: Known, params: ErrorParams = {}) =>
  remediesFor(errorOf(code, params), known).find((one) => one.type === type);

describe.each(CODES)('%s', (code) => {
  it('has a title, and ways that can be named', () => {
    expect(words.fault.title[code]).toMatch(/\S/);
    expect(waysFor(code).length).toBeGreaterThan(0);
  });

  it.each([
    ['nothing', nothing],
    ['an Ollama', atOllama],
    ['a server', atStudio],
    ['everything', everything],
  ])('offers one to three different things where there is %s', (_, known) => {
    const offered = types(code, known, { model: 'llama3.2:3b', seconds: 10 });
    expect(offered.length).toBeGreaterThan(0);
    expect(offered.length).toBeLessThanOrEqual(MOST_REMEDIES);
    expect(new Set(offered).size).toBe(offered.length);
  });

  it('offers nothing that needs what is not there', () => {
    const lacking = [
      'askNext',
      'smallerModel',
      'makeRoom',
      'moreContext',
      'newChat',
      'goOn',
      'switchOn',
      'key',
      'address',
    ];
    for (const type of types(code, nothing)) expect(lacking).not.toContain(type);
  });

  it('puts what did not help behind what was not tried, and leaves none out that is alone', () => {
    const before = types(code, everything, { seconds: 10 });
    const [first] = before;
    const after = types(code, { ...everything, tried: first === undefined ? [] : [first] }, { seconds: 10 });
    if (before.length > 1) expect(after[0]).not.toBe(first);
    else expect(after).toEqual(before);
  });

  it('asks again first where what was missing is here', () => {
    expect(types(code, { ...everything, isMended: true })[0]).toBe('again');
  });
});

describe('a remedy', () => {
  it('is another backend only where one is ready', () => {
    expect(types('backend_unreachable', atOllama)).not.toContain('askNext');
    expect(find('askNext', 'backend_unreachable', { ...atOllama, others: [studio] })).toEqual({
      type: 'askNext',
      backend: 'studio',
      label: 'Studio',
      host: 'studio:1234',
    });
  });

  it('for too little memory is a smaller model, then room, then another backend', () => {
    expect(types('memory_short', everything)).toEqual(['goOn', 'smallerModel', 'makeRoom']);
    expect(types('memory_short', { ...everything, canGoOn: false })).toEqual(['smallerModel', 'makeRoom', 'askNext']);
    expect(types('memory_short', atOllama)).toEqual(['getModel', 'again']);
  });

  it('frees no model that is needed, and none that is not in memory', () => {
    const loaded = { sizeBytes: 1, gpuBytes: null, expiresAtMs: null };
    const both = [installed('llama3.2', { loaded }), installed('qwen2.5:7b', { loaded }), installed('phi3')];
    expect(find('makeRoom', 'memory_short', { ...atOllama, model: 'llama3.2:latest', installed: both })).toEqual({
      type: 'makeRoom',
      models: ['qwen2.5:7b'],
    });
    expect(types('memory_short', { ...atOllama, model: 'llama3.2:latest', installed: both.slice(0, 1) })).not.toContain(
      'makeRoom',
    );
  });

  it.each([
    ['backend_first_token_timeout', 'firstTokenMs', 10, 20_000],
    ['backend_too_slow', 'firstTokenMs', 45, 120_000],
    ['backend_load_timeout', 'loadMs', 300, 600_000],
    ['backend_silent', 'silenceMs', 60, 120_000],
    ['backend_connect_timeout', 'connectMs', 5, 10_000],
  ] as const)('for %s is at least twice the time', (code, limit, seconds, toMs) => {
    expect(find('moreTime', code, atStudio, { seconds })).toEqual({ type: 'moreTime', backend: 'studio', limit, toMs });
  });

  it('is no more time than can be set, and counts from the own limit of the backend', () => {
    const own = (firstTokenMs: number) => Settings.parse({ backends: { limits: { studio: { firstTokenMs } } } });
    const code = 'backend_first_token_timeout';
    expect(find('moreTime', code, { ...atStudio, settings: own(60_000) }, { seconds: 60 })).toMatchObject({
      toMs: 120_000,
    });
    expect(find('moreTime', code, { ...atStudio, settings: own(3_600_000) }, { seconds: 3_600 })).toBeUndefined();
  });

  it('is the key or the address of a backend that was added, and of no other', () => {
    expect(find('key', 'backend_key_refused', atStudio)).toEqual({ type: 'key', backend: 'studio' });
    expect(types('backend_key_refused', atOllama)).toEqual(['backends']);
    const fromEnvironment = { ...atStudio, backend: { ...studio, origin: 'environment' as const } };
    expect(types('backend_redirects', fromEnvironment)).toEqual(['backends']);
  });

  it('is a switch only for what is off', () => {
    expect(types('backend_off', { ...atStudio, backend: { ...studio, state: 'off' } })[0]).toBe('switchOn');
    expect(types('backend_off', atStudio)).toEqual(['backends']);
  });

  it('fetches a model for this computer’s Ollama alone, and else names one that is there', () => {
    const params = { model: 'qwen2.5:7b' };
    expect(types('model_not_found', atOllama, params)[0]).toBe('fetch');
    expect(find('otherModel', 'model_not_found', atStudio, params)).toMatchObject({ model: 'llama3.2:3b' });
    expect(types('model_not_found', atStudio, params)).not.toContain('fetch');
    const file = { ...nothing, place: { kind: 'llamacpp' as const, host: null } };
    expect(types('model_not_found', file, params)).toEqual(['backends']);
  });

  it('never names the model that has just failed', () => {
    const known = { ...atOllama, model: 'llama3.2:3b', installed: [installed('llama3.2:3b'), installed('tiny')] };
    expect(find('otherModel', 'backend_failed', known)).toMatchObject({ model: 'tiny' });
    expect(types('backend_failed', { ...known, installed: [installed('llama3.2:3b')] })).not.toContain('otherModel');
  });

  it('never names a model that only searches', () => {
    const searching = installed('nomic', { capabilities: ['embedding'] });
    const known = { ...atOllama, installed: [searching, installed('tiny')] };
    expect(find('otherModel', 'model_not_found', known, { model: 'x' })).toMatchObject({ model: 'tiny' });
  });

  it('starts an Ollama that does not run, and sets one up where there is none', () => {
    expect(types('backend_unreachable', { ...atOllama, engine: 'stopped' })[0]).toBe('start');
    expect(types('backend_unreachable', { ...atOllama, engine: 'absent' })[0]).toBe('setUp');
    expect(types('no_backend', { ...atOllama, engine: 'stopped' }, { reasons: 'Ollama: none.' })[0]).toBe('start');
    expect(types('no_backend', { ...atOllama, engine: 'absent' }, { reasons: 'Ollama: none.' })[0]).toBe('setUp');
    expect(types('backend_unreachable', { ...atOllama, engine: 'starting' })).toEqual(['again']);
    expect(types('backend_unreachable', { ...atStudio, engine: 'stopped' })).toEqual(['again', 'address']);
  });

  it('is more context only where the model can have it; where it already may, asking again', () => {
    const known = { ...everything, canGoOn: false };
    expect(find('moreContext', 'context_too_small', known, { model: 'tiny' })).toMatchObject({ tokens: 8_192 });
    const room = { type: 'memory' as const, tokens: 8_192, needBytes: 6e9, freeBytes: 3e9 };
    expect(types('context_too_small', { ...atOllama, room, hasEarlier: true })).toEqual(['newChat', 'reword']);
    expect(
      types('context_too_small', { ...atOllama, room: { type: 'allowed', tokens: 8_192 } }, { model: 'tiny' })[0],
    ).toBe('again');
    // A new chat makes nothing shorter where the question is all there is.
    expect(types('context_too_small', { ...atOllama, room })).toEqual(['reword']);
  });

  it('is not asking again while a server wants to be left alone', () => {
    expect(types('backend_wait', { ...atStudio, waitMs: 5_000, others: [ollama] })).toEqual(['askNext']);
    expect(types('backend_wait', atStudio)).toEqual(['again']);
  });

  it('leads to the list where all there is was switched off', () => {
    expect(types('no_backend', nothing, { reasons: '' })).toEqual(['backends', 'again']);
    expect(types('no_backend', nothing, { reasons: 'Ollama: none.' })).toEqual(['setUp', 'again']);
  });

  it('below a demo reply is what brings an engine, never asking the one that failed', () => {
    expect(remedyForDemo(errorOf('backend_unreachable'), atOllama)).toEqual({ type: 'setUp' });
    expect(remedyForDemo(errorOf('no_model_installed'), everything)).toEqual({ type: 'getModel' });
    expect(remedyForDemo(errorOf('backend_busy'), everything)).toBeNull();
  });
});

describe('an attempt', () => {
  const failed = (code: ErrorCode) => answerMessage('failed', '', { error: errorOf(code) });

  it('is remembered with why there was no answer before, and by which ways', () => {
    const first = failed('backend_busy');
    const second = failed('backend_silent');
    const once = withAttempt({}, { before: first, answer: second.id, way: 'again', atMs: 1 });
    expect(once[second.id]).toEqual({ atMs: 1, before: first.error, tried: ['again'] });
    const third = newMessageId();
    const twice = withAttempt(once, { before: second, answer: third, way: 'moreTime', atMs: 2 });
    expect(twice[third]).toEqual({ atMs: 2, before: second.error, tried: ['again', 'moreTime'] });
  });

  it('is none where the answer before came to its end', () => {
    const done = answerMessage('done', 'Yes.');
    expect(withAttempt({}, { before: done, answer: newMessageId(), way: 'again', atMs: 1 })).toEqual({});
  });
});
