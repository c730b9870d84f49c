// Where nobody chose the demo, an engine that was there and failed is the answer; a sample stands in only where nobody is.
import { afterEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import { errorInfo, HearthError } from '../../../src/main/errors/index.ts';
import { type Failure, type MadeUpChain, madeUpChain, unreachable } from '../../support/made-up-backends.ts';
import { ask } from './scene.ts';
import { atEnd, cleanUp } from './setup.ts';

afterEach(cleanUp);

const withDemo: SettingsPatch = { ifNothingAnswers: 'demo' };

function chain(ids: readonly string[], patch?: SettingsPatch): MadeUpChain {
  const made = madeUpChain(ids, patch);
  atEnd(() => made.backends.stop());
  return made;
}

const failing = (code: ErrorCode): Failure => ({ error: new HearthError(code) });
const isAbsentCode = (code: ErrorCode) => code === 'backend_unreachable' || code === 'backend_connect_timeout';

/** Some of which let a backend rest, and some not. */
const CODES: readonly ErrorCode[] = [
  'backend_unreachable',
  'backend_connect_timeout',
  'backend_first_token_timeout',
  'backend_failed',
  'backend_key_refused',
  'backend_load_timeout',
  'memory_short',
  'model_not_found',
];
const PAIRS = CODES.flatMap((first) => CODES.map((second) => ({ first, second })));

describe('two backends that fail', () => {
  it.each(PAIRS)('the first with $first, the second with $second', async ({ first, second }) => {
    const { backends, of } = chain(['one', 'two']);
    await backends.check();
    of('one').failure = failing(first);
    of('two').failure = failing(second);
    const { sources, text, error } = await ask(backends);
    const told = sources.at(-1)!;
    const failed = [first, second].find((code) => !isAbsentCode(code));
    // An engine that was there and failed is the answer, and the other one is named.
    if (failed) {
      const other = failed === first ? { label: 'two', code: second } : { label: 'one', code: first };
      expect(error).toMatchObject({ code: failed });
      expect(told).toMatchObject({ label: failed === first ? 'one' : 'two', skipped: [{ label: other.label }] });
      expect(told.skipped[0]?.reason.code).toBe(other.code);
    } else expect([told.label, text, error]).toEqual(['demo', 'from demo', null]);
    of('one').failure = null;
    // One click asks again, also the one that rests.
    expect(await ask(backends, { isRetry: true })).toMatchObject({ text: 'from one', error: null });
    // Who has seen an engine answer is told what is wrong.
    of('one').failure = failing('backend_unreachable');
    of('two').failure = failing('backend_connect_timeout');
    expect((await ask(backends, { isRetry: true })).error).toMatchObject({
      code: 'no_backend',
      message: expect.stringMatching(/one: .+ two: .+/),
    });
  });
});

describe('nobody chose the demo', () => {
  it('where the history knows of an answer: it is told that nobody is there', async () => {
    const { backends, of } = chain(['one', 'two']);
    of('one').health = unreachable;
    of('two').health = unreachable;
    backends.start({ hasEngineAnswered: true });
    await backends.check();
    expect(backends.status()).toMatchObject({ demo: 'never', chosen: { id: 'one' } });
    expect((await ask(backends)).error).toMatchObject({ code: 'no_backend' });
  });

  it('where one was chosen: nobody looks around any more, so its failure is the answer', async () => {
    const { backends, of } = chain(['one', 'two'], { backend: 'two' });
    for (const id of ['one', 'two']) {
      of(id).health = unreachable;
      of(id).failure = failing('backend_unreachable');
    }
    await backends.check();
    expect((await ask(backends)).error).toMatchObject({ code: 'no_backend' });
  });

  it('where a look finds one that is there and not well: no sample, and that is told', async () => {
    const { backends, settings, of } = chain(['one', 'two']);
    of('one').health = unreachable;
    of('two').health = {
      state: 'unavailable',
      problem: errorInfo('backend_key_refused', { host: 'two', status: 401 }),
    };
    await backends.check();
    expect(backends.status().chosen.id).toBe('one');
    expect((await ask(backends)).error).toMatchObject({ code: 'backend_key_refused', params: { status: 401 } });
    await settings.set(withDemo);
    expect(backends.status().chosen.id).toBe('demo');
    expect((await ask(backends)).text).toBe('from demo');
    await settings.set({ ifNothingAnswers: 'say' });
    expect((await ask(backends, { backend: 'demo://' })).text).toBe('from demo');
    expect((await ask(backends, { choice: { backend: 'demo', model: null } })).text).toBe('from demo');
  });

  it('one that rests is asked by somebody who asks again, and told with what it fails with now', async () => {
    const { backends, of } = chain(['one', 'two']);
    await backends.check();
    of('one').failure = failing('backend_empty');
    of('two').failure = failing('backend_busy');
    expect((await ask(backends)).error).toMatchObject({ code: 'backend_empty' });
    expect((await ask(backends)).error).toMatchObject({ code: 'backend_busy' });
    of('one').failure = failing('backend_html');
    expect((await ask(backends, { isRetry: true })).error).toMatchObject({ code: 'backend_html' });
    of('one').failure = null;
    expect((await ask(backends, { isRetry: true })).text).toBe('from one');
  });
});
