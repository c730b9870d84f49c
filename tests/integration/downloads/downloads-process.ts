// `downloads-process.ts FOLDER PORT`: fetches `tiny` and prints what it shows, one JSON line each: made to be killed.
import { writeSync } from 'node:fs';
import { uuidv7 } from 'uuidv7';
import { openDownloads } from '../../../src/main/models/index.ts';
import { createPlaces, parseAddress } from '../../../src/main/ollama/index.ts';
import { openStorage } from '../../../src/main/storage/index.ts';
import { memorySettings } from '../../support/memory-settings.ts';

const [folder = '', port] = process.argv.slice(2);
const storage = await openStorage({
  folder,
  workerUrl: new URL('../../../src/main/storage/worker.ts', import.meta.url),
});
const downloads = await openDownloads({
  storage,
  places: createPlaces({
    address: () => ({ ...parseAddress(`127.0.0.1:${port}`), from: 'settings' }),
    server: null,
    isStartAllowed: () => false,
    connectTimeoutMs: () => 2_000,
  }),
  settings: memorySettings(),
  log: { info() {}, warn() {}, error() {}, close() {} },
  keep() {},
  newId: uuidv7,
  now: Date.now,
  resumesUnfinished: true,
  // Written down rarely, shown at every change: the hard case for a bar that must not go back.
  limits: { keepEveryMs: 20, tellEveryMs: 1 },
});
const show = () => {
  const [download] = downloads.status().downloads;
  if (download) writeSync(1, `${JSON.stringify({ progress: download.progress, state: download.state })}\n`);
};
downloads.onChange(show);
await downloads.add({ model: 'tiny', isInsecure: false });
show();
setTimeout(() => process.exit(1), 60_000);
