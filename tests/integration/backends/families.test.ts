// What a family of models changes in a question and its answer, on the whole way.
import { afterEach, expect, it } from 'vitest';
import { openAi, query } from './remote-setup.ts';
import { ask, at, open } from './scene.ts';
import { cleanUp, replay } from './setup.ts';

afterEach(cleanUp);

const model = { name: 'anything:latest', family: 'qwen3' };

it('the tokens of the template and the thoughts do not come as text', async () => {
  const tokens = ['<thi', 'nk>', 'Hm.', '</think>', '\n\nYes', '.<|im_', 'end|>'];
  const server = await replay({ models: [model], answer: { tokens } });
  const { backends } = open(at(server.url));
  expect(await ask(backends)).toMatchObject({ text: 'Yes.', error: null });
});

const unmarked = ['The user ', 'greets me.', '</th', 'ink>', '\n\nHi', '!'];

it.each([
  ['deepseek-r1:7b', 'deepseek2', false],
  ['my-own-model', 'llama', true],
])(
  'the end of a thought alone is enough, of %s over Ollama and over an OpenAI-compatible server',
  async (name, family, isShown) => {
    const server = await replay({ models: [{ name, family }], answer: { tokens: unmarked } });
    const other = await openAi({ models: [{ id: name }], answer: { pieces: unmarked } });
    const added = { id: 'other', url: other.url, name: 'Other', hasKey: false, headerNames: [], standsIn: false };
    for (const patch of [at(server.url), { backend: 'other', backends: { added: [added] } }]) {
      const { backends } = open(patch);
      const { types, text, error } = await ask(backends);
      expect(error).toBeNull();
      // Of a model that is known to begin with a thought nothing is shown as its answer before.
      expect(types.filter((type) => type === 'relabel')).toEqual(isShown ? ['relabel'] : []);
      expect(text).toBe(isShown ? 'The user greets me.Hi!' : 'Hi!');
      await backends.stop();
    }
  },
);

it('what the user changed of the family is sent, and nothing else', async () => {
  const server = await replay({ models: [model] });
  const { backends, settings } = open(at(server.url));
  await ask(backends);
  await settings.set({ families: { qwen: { temperature: 0.2, stop: ['END'] }, llama: { temperature: 1 } } });
  await ask(backends);
  const sent = server.requestsTo('/api/chat').map(({ body }) => (body as { options?: unknown }).options);
  expect(sent).toEqual([undefined, { temperature: 0.2, stop: ['END'] }]);
});

it('thoughts of a plain service are told apart too, and what looks like a token is its word', async () => {
  const service = await query({ body: JSON.stringify({ answer: '<think>Hm.</think>\n\nYes <|im_end|>.' }) });
  const { backends } = open({});
  expect(await ask(backends, { backend: `query+${service.url}` })).toMatchObject({
    text: 'Yes <|im_end|>.',
    error: null,
  });
});

it('the demo is asked and answers as it is', async () => {
  const { backends } = open({ backend: 'demo' });
  const { text, error } = await ask(backends);
  expect(error).toBeNull();
  expect(text).toContain('No model read your message.');
});
