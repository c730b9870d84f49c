// Everything that matters without a mouse.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('ask, stop, walk through the window, change a setting and come back, by keys alone', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['One ', 'two ', 'three.'] }, holdAfterRecords: 2 });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  const { keyboard } = window;
  await expect(on.composer).toBeFocused();
  await keyboard.type('Count to');
  await keyboard.press('Shift+Enter');
  await keyboard.type('three');
  await keyboard.press('Enter');
  await expect(on.questions).toHaveText('Count to\nthree');
  await expect(on.answers).toContainText('One two');
  await keyboard.press('Escape');
  await expect(on.answers).toContainText('You stopped this answer');
  ollama.set({ holdAfterRecords: null });

  // A new chat, and by F6 and arrows back to the first one.
  await keyboard.press('ControlOrMeta+n');
  await expect(on.questions).toHaveCount(0);
  await keyboard.type('Second');
  await keyboard.press('Enter');
  await expect(on.answers).toContainText('three.');
  await keyboard.press('F6');
  await expect(on.chat('Second')).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(on.chat(/Count to/)).toBeFocused();
  await keyboard.press('Enter');
  await expect(on.questions).toHaveText('Count to\nthree');
  await expect(on.composer).toBeFocused();

  // The sidebar goes and comes; what is being written stays.
  await keyboard.type('A draft');
  await keyboard.press('ControlOrMeta+b');
  await expect(on.chat('Second')).toHaveCount(0);
  await keyboard.press('ControlOrMeta+b');
  await expect(on.chat('Second')).toBeVisible();

  // Settings: Tab to the theme, an arrow to the next one, Esc back to the draft.
  await keyboard.press('ControlOrMeta+,');
  await expect(window.getByRole('heading', { name: 'General', level: 1 })).toBeFocused();
  await keyboard.press('Tab');
  await expect(window.getByRole('radio', { name: 'System' })).toBeFocused();
  await keyboard.press('ArrowRight');
  await expect(window.getByRole('radio', { name: 'Light' })).toBeChecked();
  await keyboard.press('Escape');
  await expect(on.composer).toBeFocused();
  await expect(on.composer).toHaveValue('A draft');
  await keyboard.press('Enter');
  await expect(on.questions.last()).toHaveText('A draft');
  await expect(on.answers.last()).toContainText('three.');

  // Tab reaches what belongs to an answer, and each stop is where one sees it.
  await keyboard.press('Shift+F6');
  await expect
    .poll(() => window.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region')))
    .toBe('conversation');
  await expect
    .poll(async () => {
      await keyboard.press('Tab');
      return window.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    })
    .toBe('Copy answer');
  await keyboard.press('Escape');
  await expect(on.composer).toBeFocused();
  await ollama.close();
});
