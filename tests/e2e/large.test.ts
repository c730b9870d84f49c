// A question of 5 MB, and one beyond the limit.
import { QUESTION_MAX_CHARS } from '../../src/contract/limits.ts';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const LINE = 'All work and no play makes a long question indeed.\n';

for (const kind of ['many lines', 'one line'] as const) {
  test(`5 MB of ${kind} are pasted, asked, shown and kept, and the window goes on working`, async ({ start }) => {
    const ollama = await startReplayOllama({ answer: { tokens: ['That ', 'was ', 'long.'] } });
    const { app, window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
    const on = screen(window);
    const line = kind === 'many lines' ? LINE : LINE.replace('\n', ' ');
    const text = line.repeat(Math.ceil(5_000_000 / line.length)).trimEnd();
    await app.evaluate(({ clipboard }, pasted) => clipboard.writeText(pasted), text);
    await expect(on.composer).toBeFocused();
    await window.keyboard.press('ControlOrMeta+v');
    await expect(on.send).toBeEnabled({ timeout: 20_000 });
    await window.keyboard.press('Enter');
    await expect(on.answers).toContainText('That was long.', { timeout: 20_000 });
    expect(ollama.requestsTo('/api/chat')[0]?.body).toMatchObject({ messages: [{ role: 'user', content: text }] });
    await on.newChat.click();
    await on.chat(/All work/).click();
    await expect(on.answers).toContainText('That was long.', { timeout: 20_000 });
    const shown = window.getByRole('article', { name: 'You' }).locator('.bubble');
    expect(
      (await shown.evaluate((bubble) => {
        const stretches = [...bubble.children].map((one) => one.textContent);
        return stretches.length === 0 ? bubble.textContent : stretches.join('\n');
      })) === text,
    ).toBe(true);
    // It still takes words.
    await window.keyboard.type('And now?');
    await expect(on.composer).toHaveValue('And now?');
    await ollama.close();
  });
}

test('a million lines of three letters are pasted, and the composer takes the next word', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['That ', 'was ', 'long.'] } });
  const { app, window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  const text = 'abc\n'.repeat(1_000_000).trimEnd();
  await app.evaluate(({ clipboard }, pasted) => clipboard.writeText(pasted), text);
  await expect(on.composer).toBeFocused();
  await window.keyboard.press('ControlOrMeta+v');
  await expect(window.getByRole('group', { name: 'Long text' })).toContainText('1,000,000 lines');
  await window.keyboard.type('How many lines?');
  await expect(on.composer).toHaveValue('How many lines?');
  await window.keyboard.press('Enter');
  await expect(on.answers).toContainText('That was long.', { timeout: 20_000 });
  expect(ollama.requestsTo('/api/chat')[0]?.body).toMatchObject({
    messages: [{ content: `How many lines?\n\n${text}` }],
  });
  await ollama.close();
});

test('beyond the limit: refused with the limit named, the text stays, nothing is stored', async ({ start }) => {
  const ollama = await startReplayOllama();
  const { app, window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  const text = LINE.repeat(Math.ceil((QUESTION_MAX_CHARS + 1) / LINE.length) + 1).trimEnd();
  await app.evaluate(({ clipboard }, pasted) => clipboard.writeText(pasted), text);
  await expect(on.composer).toBeFocused();
  await window.keyboard.press('ControlOrMeta+v');
  await expect(on.send).toBeEnabled({ timeout: 20_000 });
  await window.keyboard.press('Enter');
  await expect(window.getByRole('alert')).toContainText(`the limit is ${QUESTION_MAX_CHARS}`, { timeout: 20_000 });
  const lines = text.split('\n').length.toLocaleString('en');
  await expect(window.getByRole('group', { name: 'Long text' })).toContainText(
    `${lines} lines, ${text.length.toLocaleString('en')} characters`,
  );
  await expect(window.getByText('No chats yet')).toBeVisible();
  expect(ollama.requestsTo('/api/chat')).toHaveLength(0);
  await ollama.close();
});
