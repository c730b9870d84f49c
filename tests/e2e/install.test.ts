// "Install Ollama for me", from a release mirror on this computer: to the first answer, across a restart, and not with a wrong byte.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { isAlive } from '../support/processes.ts';
import { buildForMirror, type MirrorBuild } from '../support/mirror-build.ts';
import { standInReport } from '../support/stand-in-ollama/index.ts';
import { hasOwnOllama, NO_OLLAMA } from './support/environment.ts';
import { expect, test as base } from './support/hearth.ts';
import { watchNetwork } from './support/network-watch.ts';
import { screen } from './support/screen.ts';

const test = base.extend<{ build: MirrorBuild }>({
  build: async ({ home }, use) => {
    const build = await buildForMirror(home, { replay: { answer: { tokens: ['Freshly ', 'installed.'] } } });
    const settings = { onboarding: { isDone: true }, install: { baseUrl: build.mirror.url } };
    writeFileSync(path.join(home, 'settings.json'), JSON.stringify(settings));
    await use(build);
    await build.mirror.close();
  },
});

test.skip(process.platform === 'win32', 'the stand-in is a shell script, and a release for Windows holds an .exe');
test.beforeEach(async () => {
  test.skip(await hasOwnOllama(), 'an Ollama runs on this computer');
});

test('its price is told, it is fetched, checked, unpacked and tried, then it answers; nothing but the mirror is asked', async ({
  home,
  build,
  start,
}) => {
  const network = await watchNetwork(home);
  const hearth = await start({ ...NO_OLLAMA, ...network.env }, network.switches, build.program);
  const { window } = hearth;
  const on = screen(window);
  await on.openSettings('Engine');
  await expect(engineCard(window)).toContainText('Not installed');
  await window.getByRole('radio', { name: /Install Ollama for me/ }).click();
  await expect(window.getByText(`Ollama ${build.version}`)).toBeVisible();
  await expect(window.getByText(/^From 127\.0\.0\.1:\d+\. Needs .* of disk/)).toBeVisible();
  expect(build.mirror.requests).toEqual([]);

  const held = build.mirror.holdAfter(600_000);
  await window.getByRole('button', { name: /^Download / }).click();
  await held.held;
  const installation = window.getByRole('group', { name: 'Installation of Ollama' });
  await expect(installation.getByText(`Downloading Ollama ${build.version}`).first()).toBeVisible();
  await expect(installation.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^(2|3)\d$/);
  held.release();
  await expect(window.getByText('In Hearth’s own folder, in use.')).toBeVisible({ timeout: 30_000 });
  await expect(window.getByRole('radio', { name: /Use Hearth’s own Ollama/ })).toBeChecked();

  await window.keyboard.press('Escape');
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('Freshly installed.');
  await on.openSettings('Engine');
  await expect(engineCard(window)).toContainText(path.join(home, 'engines'));
  const { server, env } = standInReport(build.standIn);
  expect(env).toMatchObject({ OLLAMA_NO_CLOUD: '1' });

  await window.getByRole('button', { name: 'Remove' }).click();
  await window.getByRole('button', { name: /^Remove \d/ }).click();
  await expect(window.getByRole('radio', { name: /Install Ollama for me/ })).toBeVisible();
  expect(isAlive(server)).toBe(false);
  expect(existsSync(path.join(home, 'engines', 'ollama'))).toBe(false);
  await hearth.quit();
  expect(network.left()).toEqual([]);
  network.close();
});

test('closed in the middle: what has arrived is kept, and the next Hearth goes on with the rest', async ({
  home,
  build,
  start,
}) => {
  build.mirror.holdAfter(1_200_000);
  const first = await start(NO_OLLAMA, [], build.program);
  await screen(first.window).openSettings('Engine');
  await first.window.getByRole('radio', { name: /Install Ollama for me/ }).click();
  await first.window.getByRole('button', { name: /^Download / }).click();
  const installation = first.window.getByRole('group', { name: 'Installation of Ollama' });
  await expect(installation.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[56]\d$/);
  await first.quit();

  build.mirror.holdAfter(Infinity);
  const second = await start(NO_OLLAMA, [], build.program);
  await screen(second.window).openSettings('Engine');
  await expect(second.window.getByText(`The download of Ollama ${build.version} is paused`).first()).toBeVisible();
  await expect(second.window.getByText(/is here and kept$/)).toBeVisible();
  await second.window.getByRole('button', { name: 'Go on' }).click();
  await expect(second.window.getByText('In Hearth’s own folder, in use.')).toBeVisible({ timeout: 30_000 });
  const ranges = build.mirror.requests.map(({ range }) => range);
  expect(ranges).toEqual([null, expect.stringMatching(/^bytes=\d{6,}-$/)]);
  expect(existsSync(path.join(home, 'engines', 'ollama'))).toBe(true);
});

test('one wrong bit: it is not installed, nothing of it stays, and the sentence says whom not to trust', async ({
  build,
  start,
}) => {
  build.mirror.fault = () => ({ kind: 'flip', atByte: 1_000_000 });
  const { window } = await start(NO_OLLAMA, [], build.program);
  await screen(window).openSettings('Engine');
  await window.getByRole('radio', { name: /Install Ollama for me/ }).click();
  await window.getByRole('button', { name: /^Download / }).click();
  const trouble = window.getByRole('alert').filter({ hasText: 'its checksum is wrong' });
  await expect(trouble).toContainText('Hearth deleted it and changed nothing.', { timeout: 30_000 });
  await expect(trouble).toContainText(/do not trust 127\.0\.0\.1:\d+/);
  await expect(engineCard(window)).toContainText('Not installed');
  expect(existsSync(path.join(build.standIn, 'stand-in-report.json'))).toBe(false);

  build.mirror.fault = () => null;
  await trouble.getByRole('button', { name: 'Try again' }).click();
  await expect(window.getByText('In Hearth’s own folder, in use.')).toBeVisible({ timeout: 30_000 });
});

const engineCard = (window: Page) => window.getByRole('region', { name: 'State of the engine' });
