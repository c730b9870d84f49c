// Downloads against a played Ollama and a real history: order, pause, cancel, names, listeners.
import { expect, it, vi } from 'vitest';
import type { Download, DownloadId } from '../../../src/contract/downloads.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import type { Downloads } from '../../../src/main/models/index.ts';
import type { Storage } from '../../../src/main/storage/index.ts';
import type { PullBehaviour } from '../../support/replay-ollama/index.ts';
import { openHistory } from '../../support/storage.ts';
import { bars, isRising, PULL, PULL_BYTES, replay, scene } from './setup.ts';

const add = (downloads: Downloads, model: string) => downloads.add({ model, isInsecure: false });
const states = (downloads: Downloads) => downloads.status().downloads.map(({ model, state }) => `${model} ${state}`);

it('fetches a model: told truly, the bar only forwards, full at the end', async () => {
  const ollama = await replay();
  const made = await scene(ollama);
  const added = await add(made.downloads, 'llama3.2');
  expect(added).toMatchObject({
    model: 'llama3.2',
    state: 'running',
    totalBytes: null,
    completedBytes: 0,
    progress: 0,
  });
  const done = await made.until('done');
  expect(done).toMatchObject({
    id: added.id,
    step: null,
    totalBytes: PULL_BYTES,
    completedBytes: PULL_BYTES,
    progress: 1,
    problem: null,
    attempt: 0,
    finishedAtMs: expect.any(Number),
  });
  expect(made.settled).toEqual([done]);
  const seen = bars(made.told);
  expect(isRising(seen)).toBe(true);
  expect(seen.filter((bar) => bar === 1)).toHaveLength(
    made.told.filter(({ downloads }) => downloads[0]?.state === 'done').length,
  );
  expect(seen.some((bar) => bar > 0.2 && bar < 0.8)).toBe(true);
  const steps = new Set(made.told.map(({ downloads }) => downloads[0]?.step));
  expect([...steps]).toEqual(['manifest', 'layers', 'verifying', 'writing', null]);
  expect(ollama.requestsTo('/api/pull').map(({ body }) => body)).toEqual([
    { model: 'llama3.2', insecure: false, stream: true },
  ]);
});

it('replays the recorded pull to its end', async () => {
  const ollama = await replay({ pull: null });
  const made = await scene(ollama);
  await made.downloads.add({ model: '127.0.0.1:5002/library/tiny:latest', isInsecure: true });
  expect(await made.until('done')).toMatchObject({ progress: 1, totalBytes: 465_695, completedBytes: 465_695 });
  expect(isRising(bars(made.told))).toBe(true);
});

it('a model of which every file is here already is done at once', async () => {
  const ollama = await replay({ pull: { ...PULL, layers: [{ digest: 'sha256:aa', bytes: 10, hasNoRecords: true }] } });
  const made = await scene(ollama);
  await add(made.downloads, 'tiny');
  expect(await made.until('done')).toMatchObject({ progress: 1, totalBytes: null, completedBytes: 0 });
});

it('takes no name that Ollama would not take', async () => {
  const made = await scene(await replay());
  await expect(add(made.downloads, 'bad name!!')).rejects.toMatchObject({
    code: 'model_name_invalid',
    params: { name: 'bad name!!' },
  });
  expect(made.downloads.status().downloads).toEqual([]);
});

it('takes every name of a model for one download, also at the same moment', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 2_000 } });
  const made = await scene(ollama);
  const names = ['llama3.2', 'llama3.2:latest', 'Llama3.2', 'library/llama3.2', 'registry.ollama.ai/library/llama3.2'];
  const added = await Promise.all(names.map((name) => add(made.downloads, name)));
  expect(new Set(added.map(({ id }) => id)).size).toBe(1);
  expect(made.only().model).toBe('llama3.2');
  expect(await made.storage.listDownloads()).toHaveLength(1);
  await made.until(({ completedBytes }) => completedBytes === 2_000);
  expect(ollama.requestsTo('/api/pull')).toHaveLength(1);
});

it('runs them in order, one at a time, and more as soon as more may run', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 2_000 } });
  const made = await scene(ollama);
  const { downloads } = made;
  for (const model of ['one', 'two', 'three']) await add(downloads, model);
  expect(states(downloads)).toEqual(['one running', 'two waiting', 'three waiting']);
  await made.settings.set({ downloads: { parallel: 2 } });
  expect(states(downloads)).toEqual(['one running', 'two running', 'three waiting']);
  expect(downloads.status().parallel).toBe(2);
  await vi.waitFor(() => expect(ollama.requestsTo('/api/pull')).toHaveLength(2));
  await made.settings.set({ downloads: { parallel: 1 } });
  expect(states(downloads)).toEqual(['one running', 'two waiting', 'three waiting']);
  await vi.waitFor(() => expect(ollama.requestsTo('/api/pull').map(({ aborted }) => aborted)).toEqual([false, true]));
  ollama.set({ pull: PULL });
  await vi.waitFor(() => expect(states(downloads)).toEqual(['three done', 'two done', 'one done']), 10_000);
  expect(made.settled.map(({ model }) => model)).toEqual(['one', 'two', 'three']);
});

it('a place that gets free by a pause goes to the next one', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 2_000 } });
  const { downloads } = await scene(ollama);
  const one = await add(downloads, 'one');
  await add(downloads, 'two');
  await downloads.pause(one.id);
  expect(states(downloads)).toEqual(['one paused', 'two running']);
  await downloads.resume(one.id);
  expect(states(downloads)).toEqual(['one waiting', 'two running']);
});

const STAGES: [string, Partial<PullBehaviour>, (download: Download) => boolean][] = [
  ['the manifest', { holdAt: 'manifest' }, ({ step }) => step === 'manifest'],
  ['the first file', { stopAtBytes: 10_000 }, ({ completedBytes }) => completedBytes === 10_000],
  ['the second file', { stopAtBytes: 41_000 }, ({ completedBytes }) => completedBytes === 41_000],
  ['verifying', { holdAt: 'verifying' }, ({ step }) => step === 'verifying'],
  ['writing', { holdAt: 'writing' }, ({ step }) => step === 'writing'],
];

it.each(STAGES)('paused at %s: ends the request, stays where it is and goes on from there', async (_, at, isThere) => {
  const ollama = await replay({ pull: { ...PULL, ...at } });
  const made = await scene(ollama);
  const { id } = await add(made.downloads, 'tiny');
  const before = await made.until(isThere);
  await vi.waitFor(() => expect(ollama.requestsTo('/api/pull')).toHaveLength(1));
  const paused = await made.downloads.pause(id);
  expect(paused).toMatchObject({
    state: 'paused',
    step: null,
    completedBytes: before.completedBytes,
    bytesPerSecond: null,
  });
  await vi.waitFor(() => expect(ollama.requestsTo('/api/pull')[0]?.aborted).toBe(true));
  expect((await made.storage.listDownloads())[0]).toMatchObject({ state: 'paused' });
  expect(await made.downloads.pause(id)).toMatchObject({ state: 'paused' });
  ollama.set({ pull: PULL });
  await made.downloads.resume(id);
  expect(await made.until('done')).toMatchObject({ id, progress: 1, completedBytes: PULL_BYTES });
  expect(isRising(bars(made.told))).toBe(true);
  expect(made.settled).toHaveLength(1);
});

it.each(STAGES)('cancelled at %s: gone, and Ollama is told', async (_, at, isThere) => {
  const ollama = await replay({ pull: { ...PULL, ...at } });
  const made = await scene(ollama);
  const { id } = await add(made.downloads, 'tiny');
  await made.until(isThere);
  await vi.waitFor(() => expect(ollama.requestsTo('/api/pull')).toHaveLength(1));
  await made.downloads.cancel(id);
  expect(made.downloads.status().downloads).toEqual([]);
  expect(await made.storage.listDownloads()).toEqual([]);
  await vi.waitFor(() => expect(ollama.requestsTo('/api/pull')[0]?.aborted).toBe(true));
  // Asked for again it is another download, and begins with what Ollama still has.
  ollama.set({ pull: PULL });
  const again = await add(made.downloads, 'tiny');
  expect(again.id).not.toBe(id);
  expect(await made.until('done')).toMatchObject({ id: again.id, progress: 1 });
  expect(made.settled.map((one) => one.id)).toEqual([again.id]);
});

it('cancelled while it waits, is paused, has failed or is done', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 2_000, unknown: ['nope'] } });
  const { downloads, storage } = await scene(ollama, { settings: { downloads: { parallel: 2 } } });
  await add(downloads, 'one');
  const failed = await add(downloads, 'nope');
  await vi.waitFor(() => expect(states(downloads)).toContain('nope failed'));
  const paused = await add(downloads, 'paused');
  await downloads.pause(paused.id);
  await add(downloads, 'two');
  const waiting = await add(downloads, 'three');
  for (const { id } of [failed, paused, waiting]) await downloads.cancel(id);
  expect(states(downloads)).toEqual(['one running', 'two running']);
  expect((await storage.listDownloads()).map(({ model }) => model)).toEqual(['one', 'two']);
  await expect(downloads.cancel(failed.id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(downloads.pause('0199c3a0-0003-7000-8000-000000000001' as DownloadId)).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('added again it goes on when it was paused or failed, and begins anew when it was done', async () => {
  const ollama = await replay({ pull: { ...PULL, unknown: ['tiny'] } });
  const made = await scene(ollama);
  const { id } = await add(made.downloads, 'tiny');
  const failed = await made.until('failed');
  expect(failed).toMatchObject({ problem: { code: 'pull_not_found' }, finishedAtMs: expect.any(Number), progress: 0 });
  ollama.set({ pull: { ...PULL, stopAtBytes: 2_000 } });
  expect(await made.downloads.add({ model: 'tiny:latest', isInsecure: true })).toMatchObject({
    id,
    problem: null,
    finishedAtMs: null,
  });
  await made.until(({ completedBytes }) => completedBytes === 2_000);
  await made.downloads.pause(id);
  ollama.set({ pull: PULL });
  expect(await add(made.downloads, 'tiny')).toMatchObject({ id });
  await made.until('done');
  const next = await add(made.downloads, 'tiny');
  expect(next.id).not.toBe(id);
  await made.until(({ id: shown, state }) => shown === next.id && state === 'done');
  expect((await made.storage.listDownloads()).map((row) => row.id)).toEqual([next.id]);
  // Plain http only where it was asked for.
  const insecure = ollama.requestsTo('/api/pull').map(({ body }) => (body as { insecure: boolean }).insecure);
  expect(insecure).toEqual([false, true, false, false]);
});

it('one that is done stays on the list when it can’t be begun anew', async () => {
  let isFull = false;
  const through = (storage: Storage): Storage => ({
    ...storage,
    putDownload: (row) => (isFull ? Promise.reject(new HearthError('storage_disk_full')) : storage.putDownload(row)),
  });
  const made = await scene(await replay(), { through });
  await add(made.downloads, 'tiny');
  const done = await made.until('done');
  isFull = true;
  await expect(add(made.downloads, 'tiny')).rejects.toMatchObject({ code: 'storage_disk_full' });
  expect(made.downloads.status().downloads).toEqual([done]);
});

it('clears what is done and nothing else', async () => {
  const ollama = await replay({ pull: { ...PULL, unknown: ['nope'] } });
  const { downloads, storage } = await scene(ollama);
  await add(downloads, 'one');
  await add(downloads, 'nope');
  await vi.waitFor(() => expect(states(downloads)).toEqual(['nope failed', 'one done']));
  await downloads.clearFinished();
  expect(states(downloads)).toEqual(['nope failed']);
  await vi.waitFor(async () => expect((await storage.listDownloads()).map(({ model }) => model)).toEqual(['nope']));
});

it('tells the speed and the time left once they are known', async () => {
  const ollama = await replay({
    pull: { layers: [{ digest: 'sha256:aa', bytes: 1e9 }], bytesPerRecord: 1_000, recordMs: 10 },
  });
  const made = await scene(ollama);
  await add(made.downloads, 'big');
  await made.until(({ completedBytes }) => completedBytes > 2_000);
  expect(made.only().bytesPerSecond).toBeNull();
  const { bytesPerSecond, secondsLeft, totalBytes, completedBytes } = await made.until(
    (one) => one.bytesPerSecond !== null,
  );
  expect(bytesPerSecond).toBeGreaterThan(0);
  expect(secondsLeft).toBeCloseTo((Number(totalBytes) - completedBytes) / Number(bytesPerSecond), 0);
});

it('a listener that throws disturbs nobody', async () => {
  const made = await scene(await replay());
  const unsubscribe = made.downloads.onChange(() => {
    throw new Error('a listener');
  });
  made.downloads.onSettled(() => {
    throw new Error('a listener');
  });
  await add(made.downloads, 'tiny');
  await made.until('done');
  const { length } = made.told;
  unsubscribe();
  await made.downloads.clearFinished();
  expect(made.told.length).toBeGreaterThan(length);
});

it('an end in order tells nothing more and takes nothing more', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 2_000 } });
  const made = await scene(ollama);
  const { id } = await add(made.downloads, 'tiny');
  await made.until(({ completedBytes }) => completedBytes === 2_000);
  await Promise.all([made.downloads.close(), made.downloads.close()]);
  const { length } = made.told;
  await expect(add(made.downloads, 'other')).rejects.toMatchObject({ code: 'cancelled' });
  await expect(made.downloads.resume(id)).rejects.toMatchObject({ code: 'cancelled' });
  made.downloads.retryNow();
  await vi.waitFor(() => expect(ollama.requestsTo('/api/pull')[0]?.aborted).toBe(true));
  expect(made.told).toHaveLength(length);
  expect(ollama.requestsTo('/api/pull')).toHaveLength(1);
  expect(await made.storage.listDownloads()).toMatchObject([{ state: 'running', layers: [{ completed: 2_000 }] }]);
});

it('a history that is gone: refused, and nothing is fetched', async () => {
  const ollama = await replay();
  const made = await scene(ollama);
  await made.storage.close();
  await expect(add(made.downloads, 'tiny')).rejects.toMatchObject({ code: 'storage_failed' });
  expect(made.downloads.status().downloads).toEqual([]);
  expect(ollama.requestsTo('/api/pull')).toEqual([]);
});

it('two Hearths: the second one gets no history, so nothing is fetched twice', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 2_000 } });
  const made = await scene(ollama);
  await add(made.downloads, 'tiny');
  await made.until(({ completedBytes }) => completedBytes === 2_000);
  await expect(scene(ollama, { folder: made.folder })).rejects.toMatchObject({ code: 'storage_in_use' });
  expect(ollama.requestsTo('/api/pull')).toHaveLength(1);
  await made.downloads.close();
  await made.storage.close();
  const other = await openHistory(made.folder);
  expect(await other.listDownloads()).toMatchObject([{ model: 'tiny', state: 'running' }]);
});
