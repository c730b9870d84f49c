// The library in the whole of main: what it hears of, and a move that ends and starts our own server.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createServices } from '../../../src/main/services.ts';
import { killLeft } from '../../support/processes.ts';
import { makeStandInOllama, standInReport } from '../../support/stand-in-ollama/index.ts';
import { startStoreOllama } from '../../support/store-ollama.ts';
import { temporaryFolder } from '../../support/storage.ts';

const source = (file: string) => new URL(`../../../${file}`, import.meta.url);

async function services(env: NodeJS.ProcessEnv) {
  const made = await createServices({
    folder: path.join(temporaryFolder(), 'hearth'),
    env,
    programs: {
      storageWorker: source('src/main/storage/worker.ts'),
      llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
      appRoot: fileURLToPath(source('.')),
    },
    version: 'test',
    retryInUseMs: null,
    resumesDownloads: true,
  });
  onTestFinished(() => made.stop());
  await made.start();
  return made;
}

test('lists what an Ollama that is there has, from the start', async () => {
  const ollama = await startStoreOllama({ folder: path.join(temporaryFolder(), 'models') });
  ollama.add('tiny');
  const { library } = await services({ PATH: '', OLLAMA_HOST: ollama.host, OLLAMA_MODELS: ollama.folder });
  await vi.waitFor(() => expect(library.status().installed).toMatchObject([{ name: 'tiny:latest' }]));
  expect(library.status().disk?.folder).toBe(ollama.folder);
  await expect(library.moveFolder('/elsewhere')).rejects.toMatchObject({ code: 'engine_not_ours' });
});

test('moves the models of our own server, which runs with the new folder afterwards', async () => {
  const home = temporaryFolder();
  const from = path.join(home, 'old');
  const to = path.join(home, 'new');
  mkdirSync(path.join(from, 'manifests'), { recursive: true });
  writeFileSync(path.join(from, 'manifests', 'tiny'), '{}');
  const bin = path.join(home, 'bin');
  await makeStandInOllama(bin);
  const { engine, library, settings } = await services({ PATH: bin, OLLAMA_HOST: '127.0.0.1:9', OLLAMA_MODELS: from });
  // Nobody is woken by a look.
  expect(engine.status().state).toBe('stopped');
  await engine.start(new AbortController().signal);
  const first = standInReport(bin);
  onTestFinished(() => killLeft([first.server]));
  await vi.waitFor(() => expect(library.status().installed?.map(({ name }) => name)).toContain('tiny:latest'));
  await library.moveFolder(to);
  await vi.waitFor(() => expect(library.status().work).toEqual([]), { timeout: 15_000 });
  const second = standInReport(bin);
  onTestFinished(() => killLeft([second.server]));
  expect(settings.get().engine.modelsFolder).toBe(to);
  expect(second.env.OLLAMA_MODELS).toBe(to);
  expect(second.server).not.toBe(first.server);
  expect(engine.status()).toMatchObject({ owner: 'hearth', state: 'ready', needsRestart: false });
  expect(readFileSync(path.join(to, 'manifests', 'tiny'), 'utf8')).toBe('{}');
  expect(existsSync(from)).toBe(false);
});
