// One backend stands in for another: whatever fails, what the user is told, and that a dead one costs its time-out once.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import type { Purpose, SettingsPatch } from '../../../src/contract/settings.ts';
import { FIRST_REST_MS } from '../../../src/main/backends/choice/breaker.ts';
import type { BackendPlan } from '../../../src/main/backends/interface.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import { type Failure, type MadeUpChain, madeUpChain, unreachable } from '../../support/made-up-backends.ts';
import { ask, at, open, question } from './scene.ts';
import { atEnd, cleanUp, forever, replay } from './setup.ts';

beforeEach(() => {
  // The rests go by it; every other clock and timer is the real one.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(async () => {
  vi.useRealTimers();
  await cleanUp();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const withDemo: SettingsPatch = { ifNothingAnswers: 'demo' };

function chain(
  ids: readonly string[],
  patch?: SettingsPatch,
  options?: Parameters<typeof madeUpChain>[2],
): MadeUpChain {
  const made = madeUpChain(ids, patch, options);
  atEnd(() => made.backends.stop());
  return made;
}

const failing = (code: ErrorCode): Failure => ({ error: new HearthError(code) });
/** Those that a look sees as well. */
const isSeen = (code: ErrorCode) => code === 'backend_unreachable' || code === 'backend_connect_timeout';

/** Every way to fail: what happens, its code, whether the backend rests after it. */
const FAULTS: { name: string; code: ErrorCode; rests: boolean; isAfterFirstToken?: true }[] = [
  { name: 'is unreachable', code: 'backend_unreachable', rests: true },
  { name: 'accepts no connection', code: 'backend_connect_timeout', rests: true },
  { name: 'hangs before the first token', code: 'backend_first_token_timeout', rests: true },
  { name: 'answers with a web page', code: 'backend_html', rests: true },
  { name: 'answers with garbage', code: 'backend_garbage', rests: true },
  { name: 'answers with nothing', code: 'backend_empty', rests: true },
  { name: 'answers with 500', code: 'backend_failed', rests: true },
  { name: 'answers with 401', code: 'backend_key_refused', rests: false },
  { name: 'is busy', code: 'backend_busy', rests: false },
  { name: 'loads for too long', code: 'backend_load_timeout', rests: false },
  { name: 'has lost its model', code: 'model_not_found', rests: false },
  { name: 'breaks off after the first token', code: 'stream_cut', rests: false, isAfterFirstToken: true },
];
const PAIRS = FAULTS.flatMap((first) => FAULTS.map((second) => ({ first, second })));

describe('two backends', () => {
  it.each(PAIRS)('the first $first.name, the second $second.name', async ({ first, second }) => {
    const { backends, of } = chain(['one', 'two'], withDemo);
    await backends.check();
    of('one').failure = { ...failing(first.code), isAfterFirstToken: first.isAfterFirstToken === true };
    of('two').failure = { ...failing(second.code), isAfterFirstToken: second.isAfterFirstToken === true };
    if (isSeen(first.code)) of('one').health = unreachable;
    if (isSeen(second.code)) of('two').health = unreachable;
    const { sources, text, error } = await ask(backends);
    const told = sources.at(-1)!;
    const reasons = told.skipped.map(({ label, reason }) => [label, reason.code]);
    if (first.isAfterFirstToken) {
      expect(error).toMatchObject({ code: first.code });
      expect([told.label, text, reasons]).toEqual(['one', 'from one', []]);
      expect(of('two').asked).toHaveLength(0);
    } else if (second.isAfterFirstToken) {
      expect(error).toMatchObject({ code: second.code });
      expect([told.label, text, reasons]).toEqual(['two', 'from two', [['one', first.code]]]);
    } else {
      expect(error).toBeNull();
      expect([told.label, text]).toEqual(['demo', 'from demo']);
      expect(reasons).toEqual([
        ['one', first.code],
        ['two', second.code],
      ]);
    }
    // The second question: those that rest cost nothing, and are named.
    const asked = [of('one').asked.length, of('two').asked.length];
    const again = (await ask(backends)).sources.at(-1)!;
    if (first.rests) {
      expect(of('one').asked).toHaveLength(asked[0]!);
      // What the look after its failure has found is the better reason.
      const code = isSeen(first.code) ? 'backend_unreachable' : 'backend_resting';
      expect(again.skipped[0]).toMatchObject({ label: 'one', reason: { code } });
    } else expect(of('one').asked).toHaveLength(asked[0]! + 1);
    if (!first.isAfterFirstToken && second.rests) expect(of('two').asked).toHaveLength(asked[1]!);
  });

  it('whose question is too long makes way for a larger one, but not for a sample, and does not rest', async () => {
    const { backends, of } = chain(['one', 'two'], withDemo);
    await backends.check();
    of('one').failure = failing('context_too_small');
    of('two').failure = failing('backend_busy');
    expect((await ask(backends)).error).toMatchObject({ code: 'context_too_small' });
    of('one').failure = null;
    expect((await ask(backends)).text).toBe('from one');
    of('one').failure = failing('context_too_small');
    of('two').failure = null;
    expect((await ask(backends)).text).toBe('from two');
  });

  it('with ifFails stop, the failure of the chosen one is the answer, each time', async () => {
    const { backends, of } = chain(['one', 'two'], { backend: 'two', ifFails: 'stop' });
    await backends.check();
    of('two').failure = failing('backend_garbage');
    expect((await ask(backends)).error).toMatchObject({ code: 'backend_garbage' });
    expect((await ask(backends)).error).toMatchObject({ code: 'backend_garbage' });
    expect([of('one').asked.length, of('two').asked.length]).toEqual([0, 2]);
  });
});

describe('one that rests', () => {
  it('for not being reached is used again as soon as a look reaches it', async () => {
    const { backends, of } = chain(['one', 'two']);
    await backends.check();
    of('one').failure = failing('backend_unreachable');
    of('one').health = unreachable;
    await ask(backends);
    await vi.waitFor(() => expect(backends.status().backends[0]).toMatchObject({ state: 'unavailable' }));
    expect(backends.status().backends[0]).toMatchObject({ restsUntilMs: expect.any(Number) });
    of('one').failure = null;
    of('one').health = {};
    backends.setWatched(true);
    later(60_000);
    backends.setWatched(false);
    backends.setWatched(true);
    await vi.waitFor(() => expect(backends.status().backends[0]).toMatchObject({ restsUntilMs: null }));
    expect((await ask(backends)).sources).toMatchObject([{ label: 'one', skipped: [] }]);
  });

  it('is told in the status, is tried once its time is over, and is used again when it answers', async () => {
    const { backends, of } = chain(['one', 'two']);
    await backends.check();
    of('one').failure = failing('backend_empty');
    await ask(backends);
    expect(backends.status().backends[0]).toMatchObject({ id: 'one', restsUntilMs: Date.now() + FIRST_REST_MS });
    later(FIRST_REST_MS);
    expect((await ask(backends)).sources.map(({ label }) => label)).toEqual(['one', 'two']);
    later(2 * FIRST_REST_MS);
    of('one').failure = null;
    expect((await ask(backends)).sources).toMatchObject([{ label: 'one', skipped: [] }]);
    expect(backends.status().backends[0]).toMatchObject({ restsUntilMs: null });
  });

  it('is asked by one question only while that tries it', async () => {
    const { backends, of } = chain(['one', 'two']);
    await backends.check();
    of('one').failure = failing('backend_empty');
    await ask(backends);
    later(FIRST_REST_MS);
    let go = () => {};
    of('one').failure = null;
    of('one').pause = new Promise((resolve) => (go = resolve));
    const tries = ask(backends);
    await vi.waitFor(() => expect(of('one').asked).toHaveLength(2));
    expect((await ask(backends)).sources).toMatchObject([{ label: 'two', skipped: [{ label: 'one' }] }]);
    go();
    expect((await tries).text).toBe('from one');
    of('one').pause = null;
    expect((await ask(backends)).text).toBe('from one');
  });

  it('costs many questions that wait together its time-out once', async () => {
    const { backends, of } = chain(['one', 'two']);
    await backends.check();
    of('one').failure = failing('backend_first_token_timeout');
    const plans = await Promise.all(Array.from({ length: 5 }, () => backends.plan({}, forever())));
    for (const plan of plans) expect((await run(backends, plan)).at(-1)?.label).toBe('two');
    expect(of('one').asked).toHaveLength(1);
  });

  it('is asked nevertheless when it is named for one question', async () => {
    const { backends, of } = chain(['one', 'two']);
    await backends.check();
    of('one').failure = failing('backend_html');
    await ask(backends);
    expect((await ask(backends, { backend: 'one' })).error).toMatchObject({ code: 'backend_html' });
    of('one').failure = null;
    expect((await ask(backends, { backend: 'one' })).text).toBe('from one');
    expect(backends.status().backends[0]).toMatchObject({ restsUntilMs: null });
  });

  it('gets a fresh start when the user checks, switches it, or gives it other limits', async () => {
    const { backends, settings, of } = chain(['one', 'two']);
    backends.start();
    await backends.check();
    of('one').failure = failing('backend_garbage');
    const list = settings.get().backends;
    const looksAfterIt = [
      () => backends.check(),
      () => settings.set({ backends: { ...list, switches: { ...list.switches, one: true } } }),
      () => settings.set({ backends: { ...list, limits: { one: { firstTokenMs: 60_000 } } } }),
    ];
    for (const look of looksAfterIt) {
      await ask(backends);
      expect(backends.status().backends[0]).toMatchObject({ restsUntilMs: expect.any(Number) });
      await look();
      expect(backends.status().backends[0]).toMatchObject({ restsUntilMs: null });
    }
  });
});

describe('while a question waits', () => {
  async function waiting(patch?: SettingsPatch): Promise<MadeUpChain & { plan: BackendPlan }> {
    const made = chain(['one', 'two', 'three'], patch);
    await made.backends.check();
    return { ...made, plan: await made.backends.plan({}, forever()) };
  }

  it('another order counts, and the lane stays', async () => {
    const { backends, settings, plan } = await waiting();
    expect(plan.lane).toBe('one');
    await settings.set({ backends: { ...settings.get().backends, order: ['three', 'one', 'two'] } });
    expect(await run(backends, plan)).toMatchObject([{ label: 'three', skipped: [] }]);
    expect(plan.lane).toBe('one');
  });

  it('one that is switched off is not asked any more', async () => {
    const { backends, settings, of, plan } = await waiting();
    const list = settings.get().backends;
    await settings.set({ backends: { ...list, switches: { ...list.switches, one: false } } });
    expect(await run(backends, plan)).toMatchObject([{ label: 'two' }]);
    expect(of('one').asked).toHaveLength(0);
  });

  it('the chosen one that is switched off or removed makes way, with the reason', async () => {
    const { backends, settings, plan } = await waiting({ backend: 'two' });
    const list = settings.get().backends;
    await settings.set({ backends: { ...list, switches: { ...list.switches, two: false } } });
    expect(await run(backends, plan)).toMatchObject([
      { label: 'one', skipped: [{ label: 'two', reason: { code: 'backend_off' } }] },
    ]);
    await settings.set({ backends: { ...list, added: list.added.filter(({ id }) => id !== 'two') } });
    expect(await run(backends, plan)).toMatchObject([
      { label: 'one', skipped: [{ reason: { code: 'backend_removed' } }] },
    ]);
  });

  it('one that was edited is asked at its new address', async () => {
    const { backends, settings, of, plan } = await waiting();
    const before = of('one');
    const list = settings.get().backends;
    const added = list.added.map((one) => (one.id === 'one' ? { ...one, url: 'http://new.lan:9000/v1' } : one));
    await settings.set({ backends: { ...list, added } });
    expect(await run(backends, plan)).toMatchObject([{ label: 'one', host: 'new.lan:9000' }]);
    expect(before.asked).toHaveLength(0);
  });

  it('another choice does not count: what was asked for was settled', async () => {
    const { backends, settings, plan } = await waiting({ backend: 'two' });
    const list = settings.get().backends;
    await settings.set({ backend: 'three', ifFails: 'stop', backends: { ...list, order: ['three', 'two', 'one'] } });
    expect(await run(backends, plan)).toMatchObject([{ label: 'two' }]);
  });

  it('one that was named alone and switched off meanwhile is the error', async () => {
    const { backends, settings } = await waiting();
    const plan = await backends.plan({ backend: 'two' }, forever());
    const list = settings.get().backends;
    await settings.set({ backends: { ...list, switches: { ...list.switches, two: false } } });
    await expect(run(backends, plan)).rejects.toMatchObject({ code: 'backend_off' });
    await settings.set({ backends: { ...list, added: list.added.filter(({ id }) => id !== 'two') } });
    await expect(run(backends, plan)).rejects.toMatchObject({ code: 'backend_removed' });
  });
});

describe('switched off at run time', () => {
  it('counts from the next question on, and on again too', async () => {
    const { backends, settings } = chain(['one', 'two']);
    const list = settings.get().backends;
    expect((await ask(backends)).text).toBe('from one');
    await settings.set({ backends: { ...list, switches: { ...list.switches, one: false } } });
    expect((await ask(backends)).text).toBe('from two');
    expect((await ask(backends, { backend: 'one' })).error).toMatchObject({ code: 'backend_off' });
    await settings.set({ backends: list });
    expect((await ask(backends)).text).toBe('from one');
  });

  it('is seen by an answer under way as well: it does not fall back to it', async () => {
    const { backends, settings, of } = chain(['one', 'two', 'three']);
    await backends.check();
    const list = settings.get().backends;
    let go = () => {};
    of('one').pause = new Promise((resolve) => (go = resolve));
    of('one').failure = failing('backend_empty');
    const asked = ask(backends);
    await vi.waitFor(() => expect(of('one').asked).toHaveLength(1));
    await settings.set({ backends: { ...list, switches: { ...list.switches, two: false } } });
    go();
    expect((await asked).sources.at(-1)).toMatchObject({
      label: 'three',
      skipped: [{ reason: { code: 'backend_empty' } }, { label: 'two', reason: { code: 'backend_off' } }],
    });
    expect(of('two').asked).toHaveLength(0);
  });
});

describe('a purpose', () => {
  it.each(['titles', 'facts', 'emotion'] as const)('%s has no stand-in, and never the demo', async (purpose) => {
    const { backends, settings, of } = chain(['one', 'two']);
    await backends.check();
    await settings.set({ purposes: { [purpose]: { isOn: true, backend: 'one', model: null } } });
    of('one').failure = failing('backend_empty');
    await expect(asked(purpose)).rejects.toMatchObject({ code: 'backend_empty' });
    for (const id of ['one', 'two']) of(id).health = unreachable;
    await backends.check();
    await expect(asked(purpose)).rejects.toMatchObject({ code: 'backend_unreachable' });
    await settings.set({ purposes: { [purpose]: { isOn: true, backend: null, model: null } } });
    await expect(asked(purpose)).rejects.toMatchObject({ code: 'no_backend' });
    expect(of('two').asked).toHaveLength(0);

    async function asked(of: Purpose) {
      return run(backends, await backends.plan({ purpose: of }, forever()));
    }
  });

  it('quickAsk has a backend and a stop of its own', async () => {
    const { backends, of } = chain(['one', 'two'], {
      purposes: { quickAsk: { backend: 'two', model: 'quick', ifFails: 'stop' } },
    });
    const quick = async () => run(backends, await backends.plan({ purpose: 'quickAsk' }, forever()));
    expect(await quick()).toMatchObject([{ label: 'two', model: 'quick' }]);
    of('two').failure = failing('backend_busy');
    await expect(quick()).rejects.toMatchObject({ code: 'backend_busy' });
    expect((await ask(backends)).text).toBe('from one');
  });
});

describe('a real Ollama', () => {
  it('that hangs costs its time-out once, and a look that it answers does not wake it from its rest', async () => {
    const server = await replay({ holdAfterRecords: 0, fault: { kind: 'no-headers', path: '/api/ps' } });
    const { backends } = open({ ...at(server.url), timeouts: { firstTokenMs: 150 } }, { models: ['small'] });
    expect((await ask(backends)).sources.at(-1)?.skipped[0]?.reason.code).toBe('backend_first_token_timeout');
    // The look that followed its failure has found it answering.
    await vi.waitFor(() => expect(server.requestsTo('/api/version')).toHaveLength(2));
    const { sources } = await ask(backends);
    expect(sources).toMatchObject([{ kind: 'llamacpp', skipped: [{ reason: { code: 'backend_resting' } }] }]);
    expect(server.requestsTo('/api/chat')).toHaveLength(1);
    server.set({ fault: null, holdAfterRecords: null, answer: { tokens: ['well ', 'again'] } });
    later(FIRST_REST_MS);
    expect((await ask(backends)).text).toBe('well again');
  });

  it('that is killed and started again is used again by itself', async () => {
    const server = await replay({ answer: { tokens: ['first'] } });
    const { backends } = open(at(server.url), { models: ['small'], pollMs: 20 });
    backends.setWatched(true);
    expect((await ask(backends)).text).toBe('first');
    await server.close();
    expect((await ask(backends)).sources.at(-1)?.kind).toBe('llamacpp');
    await replay({ port: server.port, answer: { tokens: ['second'] } });
    await vi.waitFor(async () => expect((await ask(backends)).text).toBe('second'));
  });

  it('has limits of its own', async () => {
    const server = await replay({ holdAfterRecords: 0, fault: { kind: 'no-headers', path: '/api/ps' } });
    const { backends } = open({ ...at(server.url), backends: { limits: { ollama: { firstTokenMs: 120 } } } });
    expect((await ask(backends)).error).toMatchObject({
      code: 'backend_first_token_timeout',
      params: { seconds: 0.12 },
    });
  });
});

/** The sources that a plan's answer tells. */
async function run(backends: MadeUpChain['backends'], plan: BackendPlan) {
  const sources = [];
  for await (const event of backends.run(plan, question, forever()))
    if (event.type === 'source') sources.push(event.source);
  return sources;
}
