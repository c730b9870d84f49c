// The window itself: where it opens, how large its pages are drawn, what a right click offers.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Locator } from '@playwright/test';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('opens within the screen, zooms by every key, and keeps the size over a restart', async ({ home, start }) => {
  const remember = (bounds: object) =>
    writeFileSync(
      path.join(home, 'settings.json'),
      JSON.stringify({ onboarding: { isDone: true }, window: { bounds } }),
    );
  remember({ x: 1590, y: 100, width: 1280, height: 800 });
  const first = await start();
  const { area, bounds } = await placeOf(first.app);
  expect(bounds.width).toBe(1280);
  expect(bounds.x + bounds.width).toBeLessThanOrEqual(area.x + area.width);

  await expect(screen(first.window).composer).toBeFocused();
  for (const [keyCode, factor] of [
    ['=', 1.1],
    ['numadd', 1.25],
    ['+', 1.5],
    ['-', 1.25],
    ['numsub', 1.1],
    ['0', 1],
    ['=', 1.1],
    ['num0', 1],
    ['numadd', 1.1],
  ] as const) {
    await pressWithMod(first.app, keyCode);
    await expect.poll(() => zoomOf(first.app), keyCode).toBeCloseTo(factor);
  }
  await expect(screen(first.window).composer).toHaveValue('');
  await first.quit();

  remember({ x: 0, y: 0, width: 5000, height: 4000 });
  const second = await start();
  const now = await placeOf(second.app);
  expect(now.bounds.width).toBeLessThanOrEqual(now.area.width);
  expect(now.bounds.height).toBeLessThanOrEqual(now.area.height);
  await expect.poll(() => zoomOf(second.app)).toBeCloseTo(1.1);
});

test('a scrim reaches behind the system’s window buttons', async ({ start }) => {
  test.skip(process.platform === 'darwin', 'macOS draws its buttons on the page itself');
  const { app, window } = await start();
  await expect(screen(window).composer).toBeFocused();
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.prototype.setTitleBarOverlay = ({ color }) => {
      Object.assign(globalThis, { behindButtons: color });
    };
    BrowserWindow.getAllWindows()[0]?.setSize(880, 600);
  });
  const behindButtons = () => app.evaluate(() => (globalThis as { behindButtons?: string }).behindButtons);
  const paper = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBackgroundColor());
  await expect.poll(() => window.evaluate(() => innerWidth)).toBeLessThan(960);
  await window.keyboard.press('ControlOrMeta+b');
  await expect.poll(behindButtons).toMatch(/^#/);
  expect((await behindButtons())?.toLowerCase()).not.toBe(paper?.toLowerCase());
  await window.keyboard.press('Escape');
  await expect.poll(async () => (await behindButtons())?.toLowerCase()).toBe(paper?.toLowerCase());
});

test('a right click offers what can be done there, and nothing on what is only pressed', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['See ', '[this](https://example.org/) ', 'word.'] } });
  const { app, window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await app.evaluate(({ Menu }) => {
    // In place of the system's own menu, which no test can reach.
    Menu.prototype.popup = function popup() {
      Object.assign(globalThis, { offered: this });
    };
  });
  const offeredAt = async (place: Locator) => {
    await app.evaluate(() => Object.assign(globalThis, { offered: null }));
    await place.click({ button: 'right' });
    return app.evaluate(() => (globalThis as Offered).offered?.items.map(({ label }) => label).filter(Boolean) ?? null);
  };
  const choose = (label: string) =>
    app.evaluate((_electron, name) => {
      (globalThis as Offered).offered?.items.find((item) => item.label === name)?.click();
    }, label);

  await app.evaluate(({ clipboard }) => clipboard.writeText('pasted'));
  await expect(on.composer).toBeFocused();
  expect(await offeredAt(on.composer)).toContain('Paste');
  await choose('Paste');
  await expect(on.composer).toHaveValue('pasted');
  await on.ask('Where?');
  await expect(on.answers).toContainText('word.');

  const link = on.answers.getByRole('link', { name: 'this' });
  expect(await offeredAt(link)).toEqual(['Copy link', 'Select all']);
  await choose('Copy link');
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe('https://example.org/');

  expect(await offeredAt(on.answers.getByText('word.'))).toEqual(['Select all']);
  await choose('Select all');
  await expect.poll(() => window.evaluate(() => getSelection()?.toString())).toContain('word.');
  expect(await offeredAt(on.answers.getByText('word.'))).toEqual(['Copy', 'Select all']);

  // The chat has a menu of its own, a button none.
  expect(await offeredAt(on.chat('Where?'))).toBeNull();
  await expect(window.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  await window.keyboard.press('Escape');
  expect(await offeredAt(on.newChat)).toBeNull();
  await ollama.close();
});

type Offered = typeof globalThis & { offered?: { items: { label: string; click(): void }[] } | null };

const placeOf = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow, screen: screens }) => {
    const bounds = BrowserWindow.getAllWindows()[0]?.getBounds() ?? { x: 0, y: 0, width: 0, height: 0 };
    return { bounds, area: screens.getDisplayMatching(bounds).workArea };
  });

/** As the keyboard sends it: what Playwright presses reaches the page alone, not main. */
const pressWithMod = (app: ElectronApplication, key: string) =>
  app.evaluate(({ BrowserWindow }, keyCode) => {
    const modifiers: ('meta' | 'control')[] = [process.platform === 'darwin' ? 'meta' : 'control'];
    for (const type of ['keyDown', 'keyUp'] as const)
      BrowserWindow.getAllWindows()[0]?.webContents.sendInputEvent({ type, keyCode, modifiers });
  }, key);

const zoomOf = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor());
