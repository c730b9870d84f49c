// An answer without a word is said to be one, whoever gives it; it is that model's answer, so nobody else is asked.
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatRequest, RunEvent } from '../../../src/main/backends/interface.ts';
import { madeUpChain } from '../../support/made-up-backends.ts';
import { noUsage } from '../../support/scripted-backends.ts';
import { openAi, query } from './remote-setup.ts';
import { at, open, question } from './scene.ts';
import { atEnd, cleanUp, forever, replay } from './setup.ts';

afterEach(cleanUp);

type Server = { url: string; wish: { backend?: string }; request?: Partial<ChatRequest> };

const SERVERS: [string, () => Promise<Server>][] = [
  ['Ollama', async () => ({ url: (await replay({ answer: { tokens: [] } })).url, wish: {} })],
  [
    'an Ollama that only thinks',
    async () => ({
      url: (await replay({ answer: { tokens: [], thinking: ['Hm.'], doneReason: 'length' } })).url,
      wish: {},
    }),
  ],
  ['an OpenAI-compatible server', async () => remote((await openAi({ answer: { pieces: [] } })).url)],
  ['one that only thinks', async () => remote((await openAi({ answer: { pieces: [], thinking: ['Hm.'] } })).url)],
  [
    'one that says why, and nothing else',
    async () => remote((await openAi({ answer: { pieces: [], finish: 'length', usage: null, saysDone: false } })).url),
  ],
  [
    'one that never says why',
    async () => remote((await openAi({ answer: { pieces: [], finish: null, usage: null } })).url),
  ],
  [
    'one that answers in one piece',
    async () => ({ ...remote((await openAi({ answer: { pieces: [] } })).url), request: { delivery: 'whole' } }),
  ],
  ['one that says blanks', async () => remote((await openAi({ answer: { pieces: ['\n', ' '] } })).url)],
  ['a query service', async () => remote(`query+${(await query({ body: '{"response":""}' })).url}`)],
];

const remote = (url: string): Server => ({ url: '127.0.0.1:1', wish: { backend: url } });

async function run(start: Server) {
  const { backends } = open({ ...at(start.url), ifNothingAnswers: 'demo' });
  const events: RunEvent[] = [];
  let error: unknown = null;
  try {
    const plan = await backends.plan(start.wish, forever());
    for await (const event of backends.run(plan, { ...question, ...start.request }, forever())) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  return { events, error, backends };
}

describe('an answer without a word', () => {
  it.each(SERVERS)('of %s is an error of its own', async (_, start) => {
    const { events, error } = await run(await start());
    expect(error).toMatchObject({ code: 'answer_empty' });
    expect(events.filter(({ type }) => type === 'done')).toEqual([]);
    const sources = events.flatMap((event) => (event.type === 'source' ? [event.source.kind] : []));
    expect(sources).not.toContain('demo');
  });

  it('keeps the thought that came', async () => {
    const { events, error } = await run({
      url: (await replay({ answer: { tokens: [], thinking: ['Hm.'] } })).url,
      wish: {},
    });
    expect(events).toContainEqual({ type: 'thinking', text: 'Hm.' });
    expect((error as Error).message).toContain('tiny:latest ended without an answer: it thought, and stopped');
  });

  it('asks nobody else and lets nobody rest', async () => {
    const { backends, of } = madeUpChain(['one', 'two']);
    atEnd(() => backends.stop());
    await backends.check();
    of('one').said = [{ type: 'done', reason: 'length', usage: { ...noUsage, answerTokens: 5 } }];
    const ask = async () => {
      const plan = await backends.plan({}, forever());
      for await (const _ of backends.run(plan, question, forever()));
    };
    for (let times = 0; times < 3; times += 1)
      await expect(ask()).rejects.toMatchObject({ code: 'answer_empty', params: { model: 'one-model' } });
    expect(of('one').asked).toHaveLength(3);
    expect(of('two').asked).toEqual([]);
    expect(backends.status().backends.find(({ id }) => id === 'one')).toMatchObject({ state: 'ready', problem: null });
  });
});
