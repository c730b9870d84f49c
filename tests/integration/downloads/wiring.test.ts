// Downloads as windows and terminals reach them: through the contract, over the end and the death of what lies below.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createRouter } from '../../../src/main/ipc/index.ts';
import { createServices, type Services } from '../../../src/main/services.ts';
import { noDesktop } from '../../support/no-desktop.ts';
import { makeStandInOllama, standInReport } from '../../support/stand-in-ollama/index.ts';
import { isRising, PULL, replay } from './setup.ts';

const source = (file: string) => new URL(`../../../${file}`, import.meta.url);
/** The real one, except that `check` ends it. */
const MORTAL_WORKER = source('tests/support/dying-storage-worker.ts');

function dataFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'hearth-downloads-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function services(
  folder: string,
  ollama: { host: string; port: number },
  {
    PATH = '',
    storageWorker,
    resumesDownloads = true,
  }: { PATH?: string; storageWorker?: URL; resumesDownloads?: boolean } = {},
): Promise<Services> {
  const made = await createServices({
    folder,
    env: { PATH, OLLAMA_HOST: `${ollama.host}:${ollama.port}` },
    programs: {
      storageWorker: storageWorker ?? source('src/main/storage/worker.ts'),
      llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
      appRoot: fileURLToPath(source('.')),
    },
    version: 'test',
    retryInUseMs: null,
    resumesDownloads,
  });
  onTestFinished(() => made.stop());
  return made;
}

const clientOf = (made: Services) =>
  createRouterClient(createRouter(made, noDesktop), { context: { client: 'window' } });

it('a download goes on at the next start, seen by a window that watches', async () => {
  const folder = dataFolder();
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 20_000 } });
  const first = await services(folder, ollama);
  await first.start();
  const { id } = await clientOf(first).downloads.add({ model: 'tiny' });
  const status = async () => (await clientOf(first).downloads.status()).downloads[0];
  await vi.waitFor(async () => expect((await status())?.completedBytes).toBe(20_000));
  await first.stop();
  ollama.set({ pull: { ...PULL, stopAtBytes: 30_000 } });
  const next = await services(folder, ollama);
  await next.start();
  const watched = await clientOf(next).downloads.watch();
  const seen: number[] = [];
  for await (const { downloads } of watched) {
    expect(downloads).toMatchObject([{ id, model: 'tiny' }]);
    seen.push(downloads[0]?.completedBytes ?? 0);
    if (seen.at(-1) === 30_000) ollama.set({ pull: PULL });
    if (downloads[0]?.state === 'done') break;
  }
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(20_000);
  expect(await clientOf(next).models.ensure({ model: 'tiny' })).toEqual({ type: 'present', wasChecked: false });
});

it('a download is no news any more when its model is gone', async () => {
  const ollama = await replay({ pull: PULL, models: [{ name: 'other:latest' }] });
  const made = await services(dataFolder(), ollama);
  await made.start();
  await clientOf(made).downloads.add({ model: 'tiny' });
  await clientOf(made).downloads.add({ model: 'kept' });
  const states = async () =>
    (await clientOf(made).downloads.status()).downloads.map(({ model, state }) => [model, state]);
  await vi.waitFor(async () => {
    expect(await states()).toEqual(
      expect.arrayContaining([
        ['tiny', 'done'],
        ['kept', 'done'],
      ]),
    );
    expect(made.library.status().installed?.map(({ name }) => name)).toContain('tiny:latest');
    expect(made.library.status().installed?.map(({ name }) => name)).toContain('kept:latest');
  }, 10_000);
  ollama.set({ models: [{ name: 'other:latest' }, { name: 'kept:latest' }] });
  await made.library.refresh();
  await vi.waitFor(async () => expect(await states()).toEqual([['kept', 'done']]));
  expect((await (await made.history()).storage.listDownloads()).map(({ model }) => model)).toEqual(['kept']);
});

it('a terminal without a window goes on with nothing but what it is asked for', async () => {
  const folder = dataFolder();
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 20_000 } });
  const window = await services(folder, ollama);
  await window.settings.set({ downloads: { parallel: 2 } });
  await window.start();
  for (const model of ['left', 'wanted']) await clientOf(window).downloads.add({ model });
  const done = async (made: Services) =>
    (await clientOf(made).downloads.status()).downloads
      .filter(({ state }) => state === 'done')
      .map(({ model }) => model);
  const bytes = async () => (await clientOf(window).downloads.status()).downloads.map((one) => one.completedBytes);
  await vi.waitFor(async () => expect(await bytes()).toEqual([20_000, 20_000]));
  await window.stop();
  ollama.set({ pull: PULL });
  const before = ollama.requestsTo('/api/pull').length;

  const terminal = await services(folder, ollama, { resumesDownloads: false });
  await terminal.start();
  const { storage } = await terminal.history();
  const row = async () => (await storage.listDownloads()).find(({ model }) => model === 'left');
  const asItWas = await row();
  expect(asItWas?.state).toBe('running');
  await clientOf(terminal).models.ensure({ model: 'wanted' });
  await vi.waitFor(async () => expect(await done(terminal)).toEqual(['wanted']), 10_000);
  expect(ollama.requestsTo('/api/pull').length).toBe(before + 1);
  expect(await row()).toEqual(asItWas);
  await terminal.stop();

  const next = await services(folder, ollama);
  await next.start();
  await vi.waitFor(async () => expect((await done(next)).toSorted()).toEqual(['left', 'wanted']), 10_000);
});

it('a history that dies ends the pulls, and opened again it goes on with them', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 20_000 } });
  const made = await services(dataFolder(), ollama, { storageWorker: MORTAL_WORKER });
  await made.start();
  const client = clientOf(made);
  await client.downloads.add({ model: 'tiny' });
  await vi.waitFor(async () => expect((await client.downloads.status()).downloads[0]?.completedBytes).toBe(20_000));
  const { storage } = await made.history();
  await expect(storage.check()).rejects.toMatchObject({ code: 'storage_failed' });
  await vi.waitFor(() => expect(ollama.requestsTo('/api/pull')[0]?.aborted).toBe(true));
  await expect(client.downloads.status())
    .rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    .catch(() => undefined);
  ollama.set({ pull: PULL });
  await made.retry();
  await vi.waitFor(async () => expect((await client.downloads.status()).downloads[0]?.state).toBe('done'), 10_000);
});

it('a model that somebody wants after all is not deleted', async () => {
  const ollama = await replay({ models: [{ name: 'tiny:latest' }, { name: 'other:latest' }] });
  const made = await services(dataFolder(), ollama);
  await made.start();
  const client = clientOf(made);
  for (const name of ['tiny:latest', 'other:latest']) await client.models.remove({ name, engine: 'ollama' });
  expect((await client.models.status()).removing).toHaveLength(2);
  await client.models.ensure({ model: 'tiny' });
  expect((await client.models.status()).removing).toMatchObject([{ name: 'other:latest' }]);
  await client.downloads.add({ model: 'other' });
  expect((await client.models.status()).removing).toEqual([]);
});

it('after a sleep of the computer, what waits for its next attempt is tried at once', async () => {
  const made = await services(dataFolder(), await replay());
  // Before the history is open there is nothing to try.
  made.onWake();
  await made.start();
  const { downloads } = await made.history();
  const retryNow = vi.spyOn(downloads, 'retryNow');
  made.onWake();
  await vi.waitFor(() => expect(retryNow).toHaveBeenCalledOnce());
});

it('wakes an Ollama of its own, and goes on when that one was killed in the middle', async () => {
  const folder = dataFolder();
  const programs = path.join(folder, 'programs');
  // The stand-in forgets what it had: its next one begins every file anew.
  const pull = { ...PULL, recordMs: 10 };
  await makeStandInOllama(programs, { replay: { models: [], pull } });
  const made = await services(folder, { host: '127.0.0.1', port: 9 }, { PATH: programs });
  await made.start();
  const { downloads } = await made.history();
  const bars: number[] = [];
  const counts: number[] = [];
  downloads.onChange(({ downloads: [download] }) => {
    bars.push(download?.progress ?? 0);
    counts.push(download?.completedBytes ?? 0);
  });
  await downloads.add({ model: 'tiny', isInsecure: false });
  await vi.waitFor(() => expect(counts.at(-1)).toBeGreaterThan(20_000), { timeout: 15_000, interval: 5 });
  process.kill(standInReport(programs).server, 'SIGKILL');
  await vi.waitFor(() => expect(downloads.status().downloads[0]?.state).toBe('stalled'), 10_000);
  await vi.waitFor(() => expect(downloads.status().downloads[0]?.state).toBe('done'), 20_000);
  expect(isRising(bars)).toBe(true);
  expect(isRising(counts)).toBe(false);
});

it('through the contract: names that are none and downloads that are gone have their own codes', async () => {
  const made = await services(dataFolder(), await replay());
  await made.start();
  const client = clientOf(made);
  await expect(client.downloads.add({ model: 'bad name!!' })).rejects.toMatchObject({
    data: { code: 'model_name_invalid' },
  });
  await expect(client.downloads.pause({ id: '0199c3a0-0003-7000-8000-000000000001' })).rejects.toMatchObject({
    data: { code: 'not_found' },
  });
});
