// Models on their way: got by name or from the catalogue, paused, stalled, found again after quit and kill, asked when they are here.
import type { Page } from '@playwright/test';
import { type Partials, type ReplayOllama, startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const LAYERS = [
  { digest: `sha256:${'a'.repeat(64)}`, bytes: 2_000_000_000 },
  { digest: `sha256:${'b'.repeat(64)}`, bytes: 485 },
];
/** All of it at once, or as much of it as is wanted: the numbers are those of a real model, the bytes are told, not sent. */
const FAST = { layers: LAYERS, bytesPerRecord: 50_000_000 };
const upTo = (stopAtBytes: number) => ({ ...FAST, stopAtBytes });

test('by its name: watched, paused, gone on with, found again by the next Hearth, and asked', async ({ start }) => {
  const ollama = await startReplayOllama({ models: [], answer: { tokens: ['I ', 'came.'] }, pull: upTo(800_000_000) });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = await start(env);
  await screen(first.window).openSettings('Models');
  await getByName(first.window, 'tinyllama:1.1b');
  const row = download(first.window, 'tinyllama 1.1B');
  await expect(row).toContainText('800 MB of 2.0 GB');
  await expect.poll(() => progressOf(row)).toBeGreaterThan(0.3);

  await row.getByRole('button', { name: 'Pause tinyllama 1.1B' }).click();
  await expect(row).toContainText('Paused at 800 MB of 2.0 GB');
  await expect.poll(() => ollama.requestsTo('/api/pull').every(({ aborted }) => aborted)).toBe(true);
  ollama.set({ pull: upTo(1_200_000_000) });
  await row.getByRole('button', { name: 'Resume tinyllama 1.1B' }).click();
  await expect(row).toContainText('1.2 of 2.0 GB');
  const before = await progressOf(row);
  await first.quit();

  const second = await start(env);
  await screen(second.window).openSettings('Models');
  const again = download(second.window, 'tinyllama 1.1B');
  await expect(again).toContainText('1.2 of 2.0 GB');
  expect(await progressOf(again)).toBeGreaterThanOrEqual(before);
  ollama.set({ pull: FAST });
  await expect(again).toContainText('2.0 GB, here');
  await second.window
    .getByRole('table', { name: 'Installed' })
    .getByRole('button', { name: 'Chat with tinyllama 1.1B' })
    .click();
  const on = screen(second.window);
  await on.ask('Are you here?');
  await expect(on.answers).toContainText('I came.');
  await expect(on.answers).toContainText(/tinyllama.* on Ollama/);
  await ollama.close();
});

test('from the catalogue, killed in the middle: found where it was, and it goes on by itself', async ({ start }) => {
  const ollama = await startReplayOllama({ models: [], pull: upTo(1_000_000_000) });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = await start(env);
  await screen(first.window).openSettings('Models');
  const get = first.window.getByRole('table', { name: 'Catalogue' }).getByRole('button', { name: /^Get / });
  const title = /^Get (.+), /.exec((await get.first().getAttribute('aria-label')) ?? '')?.[1] ?? '';
  await get.first().click();
  const row = download(first.window, title);
  await expect(row).toContainText('1.0 of 2.0 GB');
  // What is shown is on the disk a moment later at most, and never more than that.
  await expect.poll(() => progressOf(row)).toBeGreaterThan(0.3);
  const before = await progressOf(row);
  await first.kill();

  const second = await start(env);
  await screen(second.window).openSettings('Models');
  expect(await progressOf(download(second.window, title))).toBeGreaterThanOrEqual(before);
  ollama.set({ pull: FAST });
  await expect(download(second.window, title)).toContainText('2.0 GB, here');
  await expect(second.window.getByRole('table', { name: 'Catalogue' }).getByText('Installed')).toBeVisible();
  await second.window.getByRole('button', { name: 'Clear finished' }).click();
  await expect(download(second.window, title)).toHaveCount(0);
  await ollama.close();
});

test('the registry is away: it stalls and says so, goes on when it is back; one that is not there fails; a cancel', async ({
  start,
}) => {
  const ollama = await startReplayOllama({
    models: [{ name: 'tiny:latest' }],
    pull: { ...FAST, error: { text: NO_ROUTE, atBytes: 600_000_000 }, unknown: ['nosuch'] },
  });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  await screen(window).openSettings('Models');
  await getByName(window, 'tinyllama:1.1b');
  const row = download(window, 'tinyllama 1.1B');
  await expect(row).toContainText('Stalled at 600 MB, retrying');
  await row.getByRole('button', { name: 'Retry now: tinyllama 1.1B' }).click();
  await expect(row).toContainText("can't be reached.");
  ollama.set({ pull: { ...FAST, unknown: ['nosuch'] } });
  await expect(row).toContainText('2.0 GB, here');

  await getByName(window, 'nosuch');
  await expect(download(window, 'nosuch')).toContainText('There is no model nosuch');
  await download(window, 'nosuch').getByRole('button', { name: 'Cancel nosuch' }).click();
  await expect(download(window, 'nosuch')).toHaveCount(0);
  expect(ollama.requestsTo('/api/pull').length).toBeGreaterThanOrEqual(3);
  await ollama.close();
});

test('Ollama ends in the middle and comes back: nothing is asked of a person', async ({ start }) => {
  const partials: Partials = new Map();
  let ollama: ReplayOllama = await startReplayOllama({ models: [], pull: upTo(1_000_000_000), partials });
  const { port } = ollama;
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${port}` });
  await screen(window).openSettings('Models');
  await getByName(window, 'tinyllama:1.1b');
  const row = download(window, 'tinyllama 1.1B');
  await expect(row).toContainText('1.0 of 2.0 GB');
  const before = await progressOf(row);
  await ollama.close();
  await expect(row).toContainText('Stalled at 1.0 GB');
  expect(await progressOf(row)).toBeGreaterThanOrEqual(before);

  ollama = await startReplayOllama({ models: [], pull: FAST, partials, port });
  await expect(row).toContainText('2.0 GB, here', { timeout: 30_000 });
  await ollama.close();
});

const NO_ROUTE =
  'max retries exceeded: Get "https://registry.ollama.ai/v2/library/tinyllama/blobs/sha256:aa": dial tcp: lookup registry.ollama.ai: no such host';

const download = (window: Page, title: string) => window.getByRole('listitem', { name: title, exact: true });

async function getByName(window: Page, name: string): Promise<void> {
  await window.getByRole('searchbox', { name: 'Find a model' }).fill(name);
  await window.getByRole('button', { name: `Download ${name}` }).click();
}

async function progressOf(row: ReturnType<typeof download>): Promise<number> {
  const meter = row.getByRole('progressbar');
  const [now, max] = await Promise.all([meter.getAttribute('aria-valuenow'), meter.getAttribute('aria-valuemax')]);
  return Number(now) / Number(max ?? 1);
}
