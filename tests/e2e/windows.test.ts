// A reload, or a second window, loses or doubles no character of a running answer.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const WORDS = Array.from({ length: 400 }, (_, index) => `w${index} `);
const WHOLE = WORDS.join('').trim();

test('reload in the middle of a stream', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: WORDS, tokensPerSecond: 200 } });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  let on = screen(window);
  await on.ask('Count');
  for (const seen of ['w40 ', 'w120 ', 'w200 ']) {
    await expect(on.answers).toContainText(seen);
    await window.reload();
    on = screen(window);
    await on.chat(/Count/).click();
  }
  await expect(on.answers).toContainText('w399');
  await expect(on.send).toBeVisible();
  expect(await prose(on.answers)).toBe(WHOLE);
  await ollama.close();
});

test('two windows on one stream', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: WORDS, tokensPerSecond: 200 } });
  const { app, window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const first = screen(window);
  await first.ask('Count');
  await expect(first.answers).toContainText('w20 ');
  const opened = app.waitForEvent('window');
  await app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
    items.find((item) => item.label === 'New window')?.click();
  });
  const second = screen(await opened);
  await second.chat(/Count/).click();
  await expect(first.answers).toContainText('w399');
  await expect(second.answers).toContainText('w399');
  expect(await prose(first.answers)).toBe(WHOLE);
  expect(await prose(second.answers)).toBe(WHOLE);
  expect(ollama.requestsTo('/api/chat')).toHaveLength(1);
  await ollama.close();
});

test('a page that dies mid-stream is loaded again, and follows the answer on', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: WORDS, tokensPerSecond: 200 } });
  const { app, window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.ask('Count');
  await expect(on.answers).toContainText('w40 ');
  const crashed = window.waitForEvent('crash');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  await crashed;
  // Playwright lets go of a page that died, so its successor is asked through main.
  const inPage = <T>(code: string): Promise<T> =>
    app.evaluate(
      ({ BrowserWindow }, script) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script),
      code,
    );
  await expect.poll(() => inPage(`document.querySelector('[data-chat]')?.textContent`)).toBe('Count');
  await inPage(`document.querySelector('[data-chat]').click()`);
  const shown = () => inPage<string>(`document.querySelector('.prose')?.innerText ?? ''`);
  await expect.poll(shown, { timeout: 15_000 }).toContain('w399');
  expect((await shown()).trim()).toBe(WHOLE);
  expect(ollama.requestsTo('/api/chat')).toHaveLength(1);
  await ollama.close();
});

test('hidden while an answer streams, shown again: the whole text is there', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: WORDS, tokensPerSecond: 400 } });
  const { app, window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.ask('Count');
  await expect(on.answers).toContainText('w20 ');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  await expect.poll(() => ollama.requestsTo('/api/chat')[0]?.finished, { timeout: 15_000 }).toBe(true);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  await expect(on.answers).toContainText('w399');
  expect(await prose(on.answers)).toBe(WHOLE);
  await ollama.close();
});

/** The text of the answer itself, without badge and footer. */
const prose = async (answers: ReturnType<typeof screen>['answers']) =>
  (await answers.locator('.prose').innerText()).trim();
