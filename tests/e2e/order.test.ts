// The order of the backends is changed while a question waits in line: by keys, and by dragging. The order of now counts.
import type { Locator, Page } from '@playwright/test';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { startScriptedOpenAi } from '../support/scripted-openai.ts';
import { addBackend, row } from './support/backends-page.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const WAYS: Record<string, (window: Page, from: Locator, to: Locator) => Promise<void>> = {
  async 'by keys'(window, from, to) {
    await from.getByRole('button', { name: /^Move / }).focus();
    const place = Number.parseInt(await from.innerText(), 10);
    for (let next = place - 1; next >= 1; next -= 1) {
      await window.keyboard.press('Alt+ArrowUp');
      await expect(from).toContainText(new RegExp(`^${next}`));
    }
    await expect(to).toContainText(/^2/);
  },
  async 'by dragging'(window, from, to) {
    const [grip, place] = await Promise.all([
      from.getByRole('button', { name: /^Move / }).boundingBox(),
      to.getByRole('button', { name: /^Move / }).boundingBox(),
    ]);
    if (grip === null || place === null) throw new Error('a row is out of sight');
    await window.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
    await window.mouse.down();
    await window.mouse.move(place.x + place.width / 2, place.y + place.height / 2, { steps: 10 });
    await window.mouse.up();
  },
};

for (const [way, toFirst] of Object.entries(WAYS)) {
  test(`${way}: a question that waits goes to the first of the new order, the one that runs stays`, async ({
    start,
  }) => {
    const ollama = await startReplayOllama({ answer: { tokens: ['From ', 'Ollama.'] }, holdAfterRecords: 1 });
    const studio = await startScriptedOpenAi({ answer: { pieces: ['From ', 'the ', 'studio.'] } });
    const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
    const on = screen(window);
    await on.openSettings('Backends');
    const added = await addBackend(window, studio.url);
    await expect(added).toContainText('Ready');
    await window.keyboard.press('Escape');
    await on.ask('First');
    await expect(on.answers).toContainText('From');
    await on.newChat.click();
    await on.ask('Second');
    await expect(window.getByRole('status').filter({ hasText: /in line/ })).toBeVisible();

    await on.openSettings('Backends');
    await toFirst(window, added, row(window, 'Ollama'));
    await expect(added).toContainText(/^1/);
    await expect(window.getByText(/^Next question: 127\.0\.0\.1.*ready/)).toBeVisible();
    await window.keyboard.press('Escape');
    expect(studio.chats()).toHaveLength(0);
    ollama.release();
    await expect(on.answers).toContainText('From the studio.');
    await expect(on.answers).not.toContainText('Demo reply');
    await on.chat(/First/).click();
    await expect(on.answers).toContainText('From Ollama.');
    expect(ollama.requestsTo('/api/chat')).toHaveLength(1);
    await studio.close();
    await ollama.close();
  });
}
