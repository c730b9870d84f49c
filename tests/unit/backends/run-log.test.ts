// The log tells who was asked, how long it took, how it ended and why the next one was asked, and no word of a message.
import { expect, it } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { madeUpChain } from '../../support/made-up-backends.ts';

const SECRET = 'my secret question';

async function scene(prepare: (chain: ReturnType<typeof madeUpChain>) => void = () => {}) {
  const lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
  const note =
    (level: string) =>
    (message: string, fields = {}) =>
      void lines.push({ level, message, fields });
  const chain = madeUpChain(
    ['one', 'two'],
    { ifNothingAnswers: 'say' },
    { log: { info: note('info'), warn: note('warn') } },
  );
  await chain.backends.check();
  prepare(chain);
  const ends = new AbortController();
  const ask = async () => {
    const plan = await chain.backends.plan({}, ends.signal);
    const request = { messages: [{ role: 'user' as const, content: SECRET }] };
    try {
      for await (const event of chain.backends.run(plan, request, ends.signal)) event satisfies object;
    } catch {
      // What it ended with is in the log.
    }
    await new Promise((resolve) => setImmediate(resolve));
    return lines;
  };
  return { ask, ends };
}

it('tells an answer with its backend, model and times', async () => {
  const lines = await (await scene()).ask();
  expect(lines).toMatchObject([
    { level: 'info', message: 'A backend is asked', fields: { purpose: 'chat', kind: 'openai', host: 'one.lan:8000' } },
    { level: 'info', message: 'A backend has answered', fields: { label: 'one', model: 'one-model', end: 'stop' } },
  ]);
  expect(lines[1]?.fields.ms).toBeTypeOf('number');
});

it('warns when the next one is asked, and of a time-out by that word', async () => {
  const { ask } = await scene(({ of }) => {
    of('one').failure = { error: new HearthError('backend_first_token_timeout', { backend: 'one', seconds: 10 }) };
    of('two').failure = { error: new HearthError('backend_failed', { backend: 'two', reason: SECRET }) };
  });
  const warnings = (await ask()).filter(({ level }) => level === 'warn');
  expect(warnings).toMatchObject([
    { message: 'A time-out: the next one is asked', fields: { label: 'one', code: 'backend_first_token_timeout' } },
    { message: 'A backend failed: the next one is asked', fields: { label: 'two', code: 'backend_failed' } },
    // The answer is the failure of the first.
    { message: 'A time-out: no answer', fields: { label: 'one', code: 'backend_first_token_timeout' } },
  ]);
});

it('tells of one that was left out without asking it', async () => {
  const { ask } = await scene(({ of }) => {
    of('one').failure = { error: new HearthError('backend_garbage', { backend: 'one', host: 'one.lan:8000' }) };
  });
  await ask();
  const first = (await ask()).length;
  const again = (await ask()).slice(first);
  expect(again).toMatchObject([
    { level: 'info', message: 'A backend was passed over', fields: { label: 'one', code: 'backend_resting' } },
    { message: 'A backend is asked', fields: { label: 'two' } },
    { message: 'A backend has answered', fields: { label: 'two' } },
  ]);
});

it('tells that an answer was stopped, which is no fault', async () => {
  const { ask, ends } = await scene(({ of }) => {
    of('one').failure = { error: new HearthError('cancelled') };
    // It is stopped when it has been asked.
    Object.defineProperty(of('one'), 'pause', { get: () => ends.abort() });
  });
  expect((await ask()).at(-1)).toMatchObject({ level: 'info', message: 'An answer was stopped' });
});

it('holds no word of a message or of a server', async () => {
  const { ask } = await scene(({ of }) => {
    for (const id of ['one', 'two'])
      of(id).failure = {
        error: new HearthError('backend_failed', { backend: id, reason: SECRET }, { detail: SECRET }),
      };
  });
  expect(JSON.stringify(await ask())).not.toContain(SECRET);
});
