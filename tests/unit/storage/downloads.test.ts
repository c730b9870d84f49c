// What has to be known of downloads after a restart, and when a model answered last.
import { uuidv7obj } from 'uuidv7';
import { expect, it } from 'vitest';
import type { DownloadId } from '../../../src/contract/downloads.ts';
import type { MessageId } from '../../../src/contract/ids.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';
import type { StoredDownload } from '../../../src/main/storage/index.ts';
import {
  firstTurn,
  ollama,
  openHistory,
  settlement,
  startStorageProcess,
  temporaryFolder,
} from '../../support/storage.ts';

const id = (number: number) => `0199c3a0-0003-7000-8000-${String(number).padStart(12, '0')}` as DownloadId;

function download(given: Partial<StoredDownload> = {}): StoredDownload {
  return {
    id: id(1),
    model: 'llama3.2:3b',
    isInsecure: false,
    state: 'running',
    position: 1,
    layers: [{ digest: 'sha256:aa', total: 6_000_000_000, completed: 5_123_456_789 }],
    progress: 0.853_909_464_833_333_3,
    problem: null,
    createdAtMs: 1_000,
    finishedAtMs: null,
    ...given,
  };
}

it('keeps every part of a download, in the order in which they run', async () => {
  const folder = temporaryFolder();
  const storage = await openHistory(folder);
  const failed = download({
    id: id(2),
    state: 'failed',
    isInsecure: true,
    position: 0,
    layers: [],
    progress: 0,
    problem: errorInfo('pull_not_found', { model: 'nope', host: 'registry.ollama.ai' }, 'file does not exist'),
    finishedAtMs: 2_000,
  });
  await storage.putDownload(download());
  await storage.putDownload(failed);
  await storage.close();
  const again = await openHistory(folder);
  expect(await again.listDownloads()).toEqual([failed, download()]);
});

it('replaces and drops by id', async () => {
  const storage = await openHistory(temporaryFolder());
  await storage.putDownload(download());
  await storage.putDownload(download({ id: id(2), position: 2 }));
  await storage.putDownload(download({ state: 'done', progress: 1, layers: [] }));
  await storage.dropDownload(id(2));
  await storage.dropDownload(id(3));
  expect(await storage.listDownloads()).toEqual([download({ state: 'done', progress: 1, layers: [] })]);
});

it('kill -9 right after a download was put loses nothing of it', async () => {
  const folder = temporaryFolder();
  const process = startStorageProcess(folder);
  expect(await process.next()).toEqual({ ok: 'open' });
  process.send({ do: 'download', download: download() });
  expect(await process.next()).toEqual({ ok: 'put' });
  await process.kill();
  const storage = await openHistory(folder);
  expect(await storage.listDownloads()).toEqual([download()]);
});

it('tells when a model answered last, by engine', async () => {
  const storage = await openHistory(temporaryFolder());
  expect(await storage.modelUses()).toEqual([]);
  const answer = async (at: number, model: string | null, kind: 'ollama' | 'llamacpp' | 'demo'): Promise<void> => {
    const turn = { ...firstTurn(), answerId: uuidv7At(at) };
    await storage.beginTurn(turn);
    await storage.settle(settlement(turn.answerId, { source: { ...ollama, kind, model } }));
  };
  await answer(1_700_000_000_000, 'tiny', 'ollama');
  await answer(1_700_000_300_000, 'tiny', 'ollama');
  await answer(1_700_000_200_000, 'tiny', 'ollama');
  await answer(1_700_000_100_000, 'tiny', 'llamacpp');
  await answer(1_700_000_400_000, null, 'ollama');
  await answer(1_700_000_500_000, 'demo', 'demo');
  await answer(1_700_000_600_000, 'another', 'ollama');
  expect(await storage.modelUses()).toEqual([
    { engine: 'ollama', model: 'another', lastUsedAtMs: 1_700_000_600_000 },
    { engine: 'ollama', model: 'tiny', lastUsedAtMs: 1_700_000_300_000 },
    { engine: 'llamacpp', model: 'tiny', lastUsedAtMs: 1_700_000_100_000 },
  ]);
});

/** A message's id of that moment. */
function uuidv7At(ms: number): MessageId {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${uuidv7obj().toString().slice(15)}` as MessageId;
}
