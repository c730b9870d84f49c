// Downloads arrive whatever happens: a registry that is away, an Ollama that dies, a Hearth that ends or is killed, a full disk.
import * as fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Download } from '../../../src/contract/downloads.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import type { Storage } from '../../../src/main/storage/index.ts';
import { type Partials, type PullBehaviour, startReplayOllama } from '../../support/replay-ollama/index.ts';
import { openHistory, temporaryFolder } from '../../support/storage.ts';
import { startDownloadsProcess } from './child.ts';
import { bars, isRising, PULL, PULL_BYTES, replay, scene, type Scene } from './setup.ts';

const tiny = { model: 'tiny', isInsecure: false };
const added = (made: Scene) => made.downloads.add(tiny);

it('a registry that goes away: noticed although records come, told, tried again and gone on with', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 20_000 } });
  const made = await scene(ollama, { limits: { stallMs: 120 } });
  await added(made);
  await made.until(({ completedBytes }) => completedBytes === 20_000);
  // Only now: what has begun goes on repeating its count, what is new gets no manifest.
  ollama.set({ pull: { ...PULL, registry: 'down' } });
  const stalled = await made.until('stalled');
  expect(stalled).toMatchObject({
    attempt: 1,
    retryAtMs: expect.any(Number),
    problem: { code: 'pull_no_network', params: { model: 'tiny', host: 'registry.ollama.ai' } },
    step: null,
    bytesPerSecond: null,
    secondsLeft: null,
    completedBytes: 20_000,
  });
  await vi.waitFor(() => expect(ollama.requestsTo('/api/pull')[0]?.aborted).toBe(true));
  await made.until(({ attempt }) => attempt >= 4);
  ollama.set({ pull: PULL });
  expect(await made.until('done')).toMatchObject({ progress: 1, attempt: 0, problem: null, retryAtMs: null });
  expect(isRising(bars(made.told))).toBe(true);
  expect(made.settled.map(({ state }) => state)).toEqual(['done']);
});

it('tells why nothing arrived also while it is tried again, until bytes come', async () => {
  const ollama = await replay({ pull: { ...PULL, registry: 'down' } });
  const made = await scene(ollama, { limits: { retryMs: 600_000, retryMaxMs: 600_000 } });
  const { id } = await added(made);
  await made.until('stalled');
  const why = { problem: { code: 'pull_no_network' } };
  ollama.set({ pull: { ...PULL, holdAt: 'manifest' } });
  made.downloads.retryNow();
  expect(await made.until('running')).toMatchObject({ ...why, attempt: 1 });
  // Over the end of Hearth and a wish of the user too.
  const next = await made.restart();
  expect(await next.until('running')).toMatchObject(why);
  ollama.set({ pull: { ...PULL, registry: 'down' } });
  await next.until('stalled');
  ollama.set({ pull: { ...PULL, holdAt: 'manifest' } });
  await next.downloads.resume(id);
  expect(await next.until('running')).toMatchObject(why);
  ollama.set({ pull: { ...PULL, stopAtBytes: 5_000 } });
  expect(await next.until(({ completedBytes }) => completedBytes > 0)).toMatchObject({ problem: null });
});

it('tells soon that nothing comes any more, also when Ollama says nothing', async () => {
  const ollama = await replay();
  ollama.set({ pull: { ...PULL, stopAtBytes: 20_000 } });
  const made = await scene(ollama);
  await added(made);
  await made.until(({ completedBytes }) => completedBytes === 20_000);
  ollama.set({ pull: { ...PULL, stopAtBytes: 20_000, recordMs: 600_000 } });
  await vi.waitFor(
    () => expect(made.told.at(-1)?.downloads).toMatchObject([{ state: 'running', step: 'layers', bytesPerSecond: 0 }]),
    { timeout: 8_000 },
  );
});

it('waits longer from attempt to attempt, up to a limit, and begins anew when bytes have come', async () => {
  const ollama = await replay({ pull: { ...PULL, registry: 'down' } });
  const made = await scene(ollama, { limits: { retryMs: 10, retryMaxMs: 40 } });
  const waits: number[] = [];
  made.downloads.onChange(({ downloads: [download] }) => {
    if (download?.state === 'stalled' && waits.length < download.attempt)
      waits.push(Number(download.retryAtMs) - Date.now());
  });
  await added(made);
  await made.until(({ attempt }) => attempt >= 5);
  const [first = 0, second = 0, third = 0, ...later] = waits;
  expect(first).toBeLessThanOrEqual(10);
  expect(second).toBeLessThanOrEqual(20);
  expect(second).toBeGreaterThan(10);
  expect(third).toBeGreaterThan(20);
  for (const wait of later) expect(wait).toBeLessThanOrEqual(40);
  ollama.set({ pull: { ...PULL, stopAtBytes: 5_000 } });
  await made.until(({ completedBytes }) => completedBytes === 5_000);
  expect(made.only().attempt).toBe(0);
});

it('is tried at once when the network may be back', async () => {
  const ollama = await replay({ pull: { ...PULL, registry: 'down' } });
  const made = await scene(ollama, { limits: { retryMs: 600_000, retryMaxMs: 600_000 } });
  await added(made);
  await made.until('stalled');
  ollama.set({ pull: PULL });
  made.downloads.retryNow();
  await made.until('done');
});

it.each(['pause', 'cancel', 'resume'] as const)('%s while it is stalled', async (act) => {
  const ollama = await replay({ pull: { ...PULL, registry: 'down' } });
  const made = await scene(ollama, { limits: { retryMs: 600_000, retryMaxMs: 600_000 } });
  const { id } = await added(made);
  await made.until('stalled');
  ollama.set({ pull: PULL });
  await made.downloads[act](id);
  if (act === 'cancel') expect(made.downloads.status().downloads).toEqual([]);
  if (act === 'pause')
    expect(made.only()).toMatchObject({ state: 'paused', retryAtMs: null, problem: null, attempt: 0 });
  if (act === 'resume') await made.until('done');
  else expect(ollama.requestsTo('/api/pull')).toHaveLength(1);
});

it('one that stalls for long lets the others go first, and has its turn again', async () => {
  const ollama = await replay({ pull: { ...PULL, registry: 'down' } });
  const made = await scene(ollama, { limits: { retryMs: 1, retryMaxMs: 2 } });
  const first = await added(made);
  await vi.waitFor(() => expect(made.downloads.status().downloads[0]?.attempt).toBeGreaterThan(5));
  ollama.set({ pull: { ...PULL, holdAt: 'manifest' } });
  await made.downloads.add({ model: 'other', isInsecure: false });
  const states = () => made.downloads.status().downloads.map(({ model, state }) => `${model} ${state}`);
  // Which of them is at it is a matter of luck; never both.
  await vi.waitFor(() => expect(states().filter((one) => one.endsWith('running'))).toHaveLength(1));
  ollama.set({ pull: PULL });
  await vi.waitFor(() => expect(made.settled.map(({ model }) => model).toSorted()).toEqual(['other', 'tiny']), 10_000);
  expect(made.settled.find(({ id }) => id === first.id)).toMatchObject({ state: 'done' });
});

it('Ollama dies in the middle and comes back: goes on where it was', async () => {
  const partials: Partials = new Map();
  const first = await startReplayOllama({ models: [], pull: { ...PULL, stopAtBytes: 30_000 }, partials });
  onTestFinished(() => first.close());
  const made = await scene(first);
  await added(made);
  const before = await made.until(({ completedBytes }) => completedBytes === 30_000);
  await first.close();
  const stalled = await made.until(({ state, problem }) => state === 'stalled' && problem?.code !== 'stream_cut');
  expect(stalled.problem?.code).toBe('backend_unreachable');
  expect(stalled.completedBytes).toBe(30_000);
  const second = await startReplayOllama({ models: [], pull: PULL, partials, port: first.port });
  onTestFinished(() => second.close());
  expect(await made.until('done')).toMatchObject({ progress: 1 });
  const seen = bars(made.told);
  expect(isRising(seen)).toBe(true);
  expect(before.progress).toBeLessThan(1);
  // It did not begin from nothing.
  expect(
    Math.min(...made.told.flatMap(({ downloads }) => downloads.map(({ completedBytes }) => completedBytes)).slice(-20)),
  ).toBeGreaterThanOrEqual(30_000);
});

it('a disk that is full: says how much is missing, and goes on when there is room', async () => {
  const text = 'write /models/blobs/sha256-aaaa-partial: no space left on device';
  const ollama = await replay({ pull: { ...PULL, error: { text, atBytes: 30_000 } } });
  const made = await scene(ollama);
  const { id } = await added(made);
  expect(await made.until('failed')).toMatchObject({
    problem: { code: 'pull_no_space', params: { model: 'tiny', needed: '10 kB' }, detail: text },
    completedBytes: 30_000,
  });
  expect(made.settled).toMatchObject([{ state: 'failed' }]);
  const next = await made.restart();
  expect(next.only()).toMatchObject({ id, state: 'failed', problem: { code: 'pull_no_space' } });
  ollama.set({ pull: PULL });
  await next.downloads.resume(id);
  expect(await next.until('done')).toMatchObject({ id, progress: 1, problem: null });
});

it('a history that can take no more: what runs comes to its end, what is new is refused', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 10_000 } });
  let isFull = false;
  const through = (storage: Storage): Storage => ({
    ...storage,
    putDownload: (download) =>
      isFull ? Promise.reject(new HearthError('storage_disk_full', { path: '/x' })) : storage.putDownload(download),
  });
  const made = await scene(ollama, { through });
  await added(made);
  await made.until(({ completedBytes }) => completedBytes === 10_000);
  isFull = true;
  await expect(made.downloads.add({ model: 'other', isInsecure: false })).rejects.toMatchObject({
    code: 'storage_disk_full',
  });
  ollama.set({ pull: PULL });
  expect(await made.until('done')).toMatchObject({ model: 'tiny', progress: 1 });
  expect(isRising(bars(made.told))).toBe(true);
  // Not written down: at the next start it is asked for again, and is here at once.
  isFull = false;
  const next = await made.restart();
  expect(await next.until('done')).toMatchObject({ model: 'tiny', progress: 1 });
});

it('a damaged file is fetched once more by itself, the second time the user is asked', async () => {
  const text = 'digest mismatch, file must be downloaded again: want sha256:aa, got sha256:bb';
  const ollama = await replay({ pull: { ...PULL, error: { text, atBytes: 44_000 } } });
  const made = await scene(ollama);
  const { id } = await added(made);
  expect(await made.until('failed')).toMatchObject({ problem: { code: 'pull_digest_mismatch' } });
  expect(ollama.requestsTo('/api/pull')).toHaveLength(2);
  const again = made.told.flatMap(({ downloads }) => downloads).filter(({ attempt }) => attempt === 1);
  expect(new Set(again.map(({ problem }) => problem?.code))).toEqual(new Set(['pull_digest_mismatch']));
  expect(again.map(({ state }) => state)).toEqual(expect.arrayContaining(['stalled', 'running']));
  ollama.set({ pull: PULL });
  await made.downloads.resume(id);
  await made.until('done');
});

it('a damaged file that begins anew does not move the bar back', async () => {
  const partials: Partials = new Map();
  const text = 'digest mismatch, file must be downloaded again: want sha256:aa, got sha256:bb';
  const ollama = await replay({ pull: { ...PULL, error: { text, atBytes: 44_000 } }, partials });
  const made = await scene(ollama);
  let wasDamaged = false;
  made.downloads.onChange(({ downloads: [download] }) => {
    if (download?.state !== 'stalled' || wasDamaged) return;
    // What Ollama does then: the file goes.
    wasDamaged = true;
    partials.clear();
    ollama.set({ pull: PULL });
  });
  await added(made);
  expect(await made.until('done')).toMatchObject({ completedBytes: PULL_BYTES, progress: 1 });
  expect(wasDamaged).toBe(true);
  const counts = made.told.flatMap(({ downloads }) => downloads.map(({ completedBytes }) => completedBytes));
  expect(isRising(counts)).toBe(false);
  expect(isRising(bars(made.told))).toBe(true);
});

const STAGES: [string, Partial<PullBehaviour>, (download: Download) => boolean][] = [
  ['the manifest', { holdAt: 'manifest' }, ({ step }) => step === 'manifest'],
  ['the first file', { stopAtBytes: 10_000 }, ({ completedBytes }) => completedBytes === 10_000],
  ['the second file', { stopAtBytes: 41_000 }, ({ completedBytes }) => completedBytes === 41_000],
  ['verifying', { holdAt: 'verifying' }, ({ step }) => step === 'verifying'],
  ['writing', { holdAt: 'writing' }, ({ step }) => step === 'writing'],
  ['a wait for the registry', { registry: 'down' }, ({ state }) => state === 'stalled'],
];

it.each(STAGES)(
  'Hearth ends and starts again at %s: goes on by itself, the bar where it was',
  async (_, at, isThere) => {
    const ollama = await replay({ pull: { ...PULL, ...at } });
    const made = await scene(ollama, { limits: { retryMs: 600_000, retryMaxMs: 600_000 } });
    const { id } = await added(made);
    const before = await made.until(isThere);
    ollama.set({ pull: { ...PULL, holdAt: 'manifest' } });
    const next = await made.restart();
    expect(next.only()).toMatchObject({
      id,
      state: 'running',
      createdAtMs: before.createdAtMs,
      completedBytes: before.completedBytes,
    });
    expect(next.only().progress).toBeGreaterThanOrEqual(before.progress);
    ollama.set({ pull: PULL });
    expect(await next.until('done')).toMatchObject({ id, progress: 1 });
    expect(isRising([...bars(made.told), ...bars(next.told)])).toBe(true);
    const last = await next.restart();
    expect(last.only()).toMatchObject({ id, state: 'done', progress: 1, completedBytes: PULL_BYTES });
  },
);

it('what is paused, failed or waiting stays so over a restart, in its order', async () => {
  const ollama = await replay({ pull: { ...PULL, stopAtBytes: 2_000, unknown: ['nope'] } });
  const made = await scene(ollama);
  const add = (model: string) => made.downloads.add({ model, isInsecure: false });
  await add('nope');
  await vi.waitFor(() => expect(made.settled).toHaveLength(1));
  for (const model of ['running', 'paused', 'waiting']) await add(model);
  const paused = made.downloads.status().downloads.find(({ model }) => model === 'paused');
  await made.downloads.pause(paused!.id);
  const next = await made.restart();
  expect(next.downloads.status().downloads.map(({ model, state }) => `${model} ${state}`)).toEqual([
    'nope failed',
    'running running',
    'paused paused',
    'waiting waiting',
  ]);
});

it('forgets all but the last finished ones at the start', async () => {
  const folder = temporaryFolder();
  const storage = await openHistory(folder);
  const ollama = await replay();
  for (let number = 1; number <= 25; number += 1) {
    await storage.putDownload({
      id: `0199c3a0-0003-7000-8000-${String(number).padStart(12, '0')}` as Download['id'],
      model: `model-${number}`,
      isInsecure: false,
      state: 'done',
      position: number,
      layers: [],
      progress: 1,
      problem: null,
      createdAtMs: number,
      finishedAtMs: number,
    });
  }
  await storage.close();
  const { downloads, storage: opened } = await scene(ollama, { folder });
  const models = downloads.status().downloads.map(({ model }) => model);
  expect([models.length, models[0], models.at(-1)]).toEqual([20, 'model-25', 'model-6']);
  await vi.waitFor(async () => expect(await opened.listDownloads()).toHaveLength(20));
});

it(
  'kill -9 of Hearth at any moment: the bar is not moved back, and the download ends',
  { timeout: 60_000 },
  async () => {
    const ollama = await replay({ pull: { ...PULL, recordMs: 4 } });
    const folder = temporaryFolder();
    let last = 0;
    for (const shownTimes of [1, 8, 8]) {
      const child = startDownloadsProcess(folder, ollama);
      const seen: number[] = [];
      while (seen.length < shownTimes) {
        const { progress, state } = await child.next();
        expect(progress).toBeGreaterThanOrEqual(last);
        if (progress > last || state !== 'running') seen.push(progress);
        last = progress;
      }
      last = Math.max(last, ...(await child.kill()));
    }
    const made = await scene(ollama, { folder });
    expect(made.only().progress).toBeGreaterThanOrEqual(last);
    expect(await made.until('done')).toMatchObject({ progress: 1 });
    expect(isRising([last, ...bars(made.told)])).toBe(true);
  },
);

type Mishap = 'restart' | 'pause' | 'down' | 'die' | 'damage';

it(
  'whatever happens on the way, the bar only goes forwards and is full only at the end',
  { timeout: 120_000 },
  async () => {
    const mishaps = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 43 }),
        what: fc.constantFrom<Mishap>('restart', 'pause', 'down', 'die', 'damage'),
      }),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(mishaps, async (events) => {
        const partials: Partials = new Map();
        const play: PullBehaviour = { ...PULL, bytesPerRecord: 500, recordMs: 0 };
        let ollama = await startReplayOllama({ models: [], pull: play, partials });
        const { port } = ollama;
        let made = await scene(ollama, { limits: { stallMs: 60 } });
        let told = [...made.told];
        const { id } = await added(made);
        for (const { at, what } of events.toSorted((a, b) => a.at - b.at)) {
          ollama.set({ pull: { ...play, stopAtBytes: at * 1_000 } });
          await made.until(
            ({ completedBytes, state }) => state === 'done' || (state === 'running' && completedBytes >= at * 1_000),
          );
          if (made.only().state === 'done') break;
          if (what === 'restart') {
            told = [...told, ...made.told];
            made = await made.restart();
          }
          if (what === 'pause') {
            await made.downloads.pause(id);
            await made.downloads.resume(id);
          }
          if (what === 'down') {
            ollama.set({ pull: { ...play, registry: 'down' } });
            await made.until('stalled');
          }
          if (what === 'damage') partials.clear();
          if (what === 'die') {
            await ollama.close();
            await made.until('stalled');
            ollama = await startReplayOllama({ models: [], pull: play, partials, port });
          }
        }
        ollama.set({ pull: play });
        await made.until('done');
        told = [...told, ...made.told];
        const shown = told.flatMap(({ downloads }) => downloads);
        expect(isRising(shown.map(({ progress }) => progress))).toBe(true);
        for (const { progress, state } of shown) expect(progress === 1).toBe(state === 'done');
        expect(made.only()).toMatchObject({ progress: 1, completedBytes: PULL_BYTES });
        await made.downloads.close();
        await made.storage.close();
        await ollama.close();
      }),
      { numRuns: 12 },
    );
  },
);
