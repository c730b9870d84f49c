// Started with variables of other programs: they count as defaults, are listed, and give way to what the user chooses.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { startScriptedOpenAi } from '../support/scripted-openai.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('what the environment names answers first; the page says so, and what is chosen there overrides it', async ({
  start,
}) => {
  const models = [{ name: 'first:1b' }, { name: 'second:1b' }];
  const ollama = await startReplayOllama({ models, answer: { tokens: ['From ', 'Ollama.'] } });
  const studio = await startScriptedOpenAi({ answer: { pieces: ['From ', 'the ', 'studio.'] } });
  const { window } = await start({
    OLLAMA_HOST: '127.0.0.1:9',
    OLLAMA_BASE_URL: ollama.url,
    OLLAMA_MODEL: 'second:1b',
    OLLAMA_TIMEOUT: 'soon',
    LLM_CHAT_API_URL: `${studio.url}/chat/completions`,
  });
  const on = screen(window);
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From the studio.');
  await expect(on.answers).not.toContainText('via');

  await on.openSettings('Backends');
  const variable = (name: string) => window.getByRole('table').getByRole('row').filter({ hasText: name });
  await expect(variable('LLM_CHAT_API_URL')).toContainText('In force');
  await expect(variable('OLLAMA_BASE_URL')).toContainText(`${ollama.url}In force`);
  await expect(variable('OLLAMA_MODEL')).toContainText('second:1bIn force');
  await expect(variable('OLLAMA_HOST')).toContainText('Overridden by your settings');
  await expect(variable('OLLAMA_TIMEOUT')).toContainText('Not understood');

  await window.getByRole('combobox', { name: 'Chat: Backend' }).selectOption({ label: 'Ollama' });
  await expect(variable('LLM_CHAT_API_URL')).toContainText('Overridden by your settings');
  await expect(variable('OLLAMA_MODEL')).toContainText('In force');
  await window.keyboard.press('Escape');
  // A chat keeps what answered it.
  await on.newChat.click();
  await on.ask('And now?');
  await expect(on.answers.last()).toContainText('From Ollama.');
  expect(ollama.requestsTo('/api/chat').map(({ body }) => body)).toMatchObject([{ model: 'second:1b' }]);
  expect(studio.chats()).toHaveLength(1);
  await studio.close();
  await ollama.close();
});
