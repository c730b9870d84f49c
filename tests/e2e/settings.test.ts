// A setting counts at once, where it is used, and is still there after a restart.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('the theme changes the window and the pages, and survives a restart', async ({ start }) => {
  const first = await start();
  await screen(first.window).openSettings('General');
  const themes = first.window.getByRole('radiogroup', { name: 'Theme' });
  await themes.getByRole('radio', { name: 'Light' }).click();
  await expect.poll(() => look(first)).toEqual({ themeSource: 'light', isPageDark: false, paper: 'light' });
  await themes.getByRole('radio', { name: 'Dark' }).click();
  await expect.poll(() => look(first)).toEqual({ themeSource: 'dark', isPageDark: true, paper: 'dark' });
  await first.quit();

  const second = await start();
  await expect(screen(second.window).composer).toBeFocused();
  expect(await look(second)).toEqual({ themeSource: 'dark', isPageDark: true, paper: 'dark' });
});

test('another Ollama address counts from the next question on', async ({ start }) => {
  const before = await startReplayOllama({ answer: { tokens: ['From ', 'the ', 'first.'] } });
  const after = await startReplayOllama({ answer: { tokens: ['From ', 'the ', 'second.'] } });
  const { window } = await start({ OLLAMA_HOST: `${before.host}:${before.port}` });
  const on = screen(window);
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From the first.');

  await on.openSettings('Backends');
  const address = await ollamaAddress(window);
  await address.fill(`${after.host}:${after.port}`);
  await address.press('Enter');
  await expect(window.getByRole('listitem').filter({ hasText: 'Ollama' })).toContainText(`:${after.port}`);
  await expect(window.getByRole('listitem').filter({ hasText: 'Ollama' })).toContainText('Ready');
  await window.keyboard.press('Escape');
  await on.ask('And now?');
  await expect(on.answers.last()).toContainText('From the second.');
  expect(before.requestsTo('/api/chat')).toHaveLength(1);
  expect(after.requestsTo('/api/chat')).toHaveLength(1);
  await before.close();
  await after.close();
});

test('a wrong address: no address is refused beside the field, one where nobody answers is named', async ({
  start,
  home,
}) => {
  const ollama = await startReplayOllama();
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.openSettings('Backends');
  const engine = window.getByRole('listitem').filter({ hasText: 'Ollama' });
  await expect(engine).toContainText('Ready');
  const address = await ollamaAddress(window);
  await address.fill('my other computer');
  await address.press('Enter');
  await expect(window.getByText('This is not an address.')).toBeVisible();
  await address.press('Escape');
  await ollamaAddress(window);
  await expect(address).toHaveValue('');
  await expect(window.getByText('This is not an address.')).toHaveCount(0);

  await address.fill('127.0.0.1:9');
  await address.press('Enter');
  await expect(engine).toContainText('No Ollama answers at 127.0.0.1:9');
  await expect(engine).toContainText('Not available');
  expect(readFileSync(path.join(home, 'settings.json'), 'utf8')).not.toContain('my other computer');
  await ollama.close();
});

test('without the demo: it is said that nobody can answer, nothing is lost, one click asks again', async ({
  start,
}) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['Here ', 'I ', 'am.'] } });
  const { port } = ollama;
  await ollama.close();
  const { window } = await start({ OLLAMA_HOST: `127.0.0.1:${port}` });
  const on = screen(window);
  await on.openSettings('Backends');
  await window.getByRole('radio', { name: 'Say so' }).click();
  await window.keyboard.press('Escape');
  await on.ask('Is anybody there?');
  await expect(on.answers).toContainText('No engine is there to answer.');
  await expect(on.answers).toContainText(`No Ollama answers at 127.0.0.1:${port}`);
  await expect(on.questions).toContainText('Is anybody there?');
  await expect(on.answers.getByText(/Demo reply/)).toHaveCount(0);

  const later = await startReplayOllama({ port, answer: { tokens: ['Here ', 'I ', 'am.'] } });
  await on.answers.getByRole('button', { name: 'Ask again' }).first().click();
  await expect(on.answers.last()).toContainText('Here I am.');
  await later.close();
});

test('the chip below the question chooses the model of the next one', async ({ start }) => {
  const models = [{ name: 'small:1b' }, { name: 'large:70b' }];
  const ollama = await startReplayOllama({ models, answer: { tokens: ['Yes.'] } });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  const chip = window.getByRole('button', { name: /^Model:/ });
  for (const name of ['large:70b', 'small:1b']) {
    await chip.click();
    await window.getByRole('menuitemradio', { name: new RegExp(name.split(':')[0] ?? '') }).click();
    await expect(chip).toContainText(name.split(':')[0] ?? '');
    await expect(on.composer).toBeFocused();
    await on.ask('Which one are you?');
    await expect(on.answers.last()).toContainText(new RegExp(`${name.split(':')[0]}.* on Ollama`));
    expect(ollama.requestsTo('/api/chat').at(-1)?.body).toMatchObject({ model: name });
  }
  await ollama.close();
});

/** Opens what can be set about Ollama; the field of its address has the focus. */
async function ollamaAddress(window: Page): Promise<Locator> {
  await window.getByRole('button', { name: 'More about Ollama' }).click();
  await window.getByRole('menuitem', { name: 'Edit…' }).click();
  const address = window.getByRole('dialog').getByRole('textbox', { name: 'Address' });
  await expect(address).toBeFocused();
  return address;
}

/** How it looks to the system, to the page and to the eye. */
async function look({ app, window }: { app: ElectronApplication; window: Page }) {
  const themeSource = await app.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  const page = await window.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    if (canvas) canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas?.fillRect(0, 0, 1, 1);
    const red = canvas?.getImageData(0, 0, 1, 1).data[0] ?? -1;
    return { isPageDark: matchMedia('(prefers-color-scheme: dark)').matches, paper: red < 64 ? 'dark' : 'light' };
  });
  return { themeSource, ...page };
}
