// What is made of a turn in the background, as a person sees it: the chat's name, the tone of the message, and what Hearth remembers.
import { type SeenRequest, startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

interface Asked {
  messages: { role: string; content: string }[];
  format?: { properties?: Record<string, unknown> };
}
const asked = ({ body }: SeenRequest) => body as Asked;

/** As a model that does what it is told. */
function replyTo(request: SeenRequest): string[] {
  if (request.path !== '/api/chat') return [];
  const { messages, format } = asked(request);
  const properties = format?.properties ?? {};
  const says = (words: string) => messages.some(({ content }) => content.includes(words));
  if (says('word for word')) return [messages.at(-1)?.content ?? ''];
  if ('facts' in properties)
    return [says('<message>\nI live in Oslo') ? '{"facts": ["Lives in Oslo."]}' : '{"facts": []}'];
  if ('label' in properties) return ['{"label": "anger", "confidence": 0.6}'];
  return says('You name chats') ? ['A broken ', 'build'] : ['A ', 'lock.'];
}

async function startModel() {
  const ollama = await startReplayOllama({
    onRequest: (request) => ollama.set({ answer: { tokens: replyTo(request) } }),
  });
  return {
    ollama,
    env: { OLLAMA_HOST: `${ollama.host}:${ollama.port}` },
    /** What stood before a question when it was asked. */
    before: (question: string) =>
      ollama
        .requestsTo('/api/chat')
        .map((request) => asked(request).messages)
        .findLast((messages) => messages.at(-1)?.content === question)
        ?.slice(0, -1)
        .filter(({ role }) => role === 'system')
        .map(({ content }) => content)
        .join('\n'),
  };
}

test('with titles and emotion switched on, a chat gets its name and a message its tone', async ({ start }) => {
  const { ollama, env } = await startModel();
  const { window } = await start(env);
  const on = screen(window);
  await on.openSettings('Backends');
  for (const purpose of ['Titles', 'Emotion']) {
    await window.getByRole('combobox', { name: `${purpose}: Backend` }).selectOption('As the chat');
  }
  await window.keyboard.press('Escape');
  await on.ask('My build is broken again!');
  await expect(on.answers).toContainText('A lock.');
  await expect(on.chat('A broken build')).toBeVisible();
  await expect(window.getByRole('heading', { name: 'A broken build', level: 1 })).toBeVisible();
  await on.questions.getByRole('button', { name: 'About this message' }).click();
  const details = window.getByRole('dialog', { name: 'About this message' });
  await expect(details).toContainText('ToneAnger');
  await expect(details).toContainText('60 %');
  await expect(details).toContainText('Ollama');
  await ollama.close();
});

test('a fact is learned, shown, told to models, switched off, changed, removed and brought back', async ({ start }) => {
  const { ollama, env, before } = await startModel();
  const { window } = await start(env);
  const on = screen(window);
  await on.openSettings('Memory');
  await window.getByRole('switch', { name: 'Learn from what you write' }).click();
  await window.keyboard.press('Escape');
  await on.ask('I live in Oslo. What is a mutex?');
  await expect(on.answers).toContainText('A lock.');
  await on.openSettings('Memory');
  const facts = window.getByRole('list', { name: 'What Hearth remembers' }).getByRole('listitem');
  await expect(facts).toContainText('Lives in Oslo.');
  await facts.getByRole('button', { name: /^Open the chat/ }).click();
  await expect(on.questions).toContainText('I live in Oslo.');
  expect(before('I live in Oslo. What is a mutex?')).toBe('');

  await on.newChat.click();
  await on.ask('Where can I swim?');
  await on.answers.getByRole('button', { name: /Details of this answer$/ }).click();
  await expect(window.getByRole('dialog', { name: 'About this answer' })).toContainText(
    'Used 1 thing Hearth remembers.',
  );
  expect(before('Where can I swim?')).toContain('- Lives in Oslo.');
  await window.getByRole('button', { name: 'See Memory' }).click();

  await facts.getByRole('switch', { name: 'Tell models: Lives in Oslo.' }).click();
  await expect(facts).toContainText('Not told to models');
  await window.keyboard.press('Escape');
  await on.ask('And ski?');
  await expect(on.answers).toHaveCount(2);
  await expect(on.answers.last()).toContainText('A lock.');
  expect(before('And ski?')).toBe('');

  await on.openSettings('Memory');
  await facts.getByRole('switch').click();
  await facts.getByRole('button', { name: /^Edit/ }).click();
  await window.getByRole('textbox', { name: 'Fact', exact: true }).fill('Lives in Bergen.');
  await window.keyboard.press('Enter');
  await expect(facts).toContainText('Lives in Bergen.');
  await facts.getByRole('button', { name: /^Remove/ }).click();
  await expect(facts).toHaveCount(0);
  await window.getByRole('button', { name: /^Undo/ }).click();
  await expect(facts).toContainText('Lives in Bergen.');
  await expect(facts).not.toContainText('Not told to models');
  await window.keyboard.press('Escape');
  await on.ask('And row?');
  await expect(on.answers).toHaveCount(3);
  await expect(on.answers.last()).toContainText('A lock.');
  expect(before('And row?')).toContain('- Lives in Bergen.');
  await ollama.close();
});
