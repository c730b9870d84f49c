// An Ollama that takes connections and answers nothing, as a stopped process does: what the terminal and the windows are told.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { expect, onTestFinished, test } from 'vitest';
import { models } from '../../src/cli/models.ts';
import { createRouter } from '../../src/main/ipc/index.ts';
import { createServices } from '../../src/main/services.ts';
import { noDesktop } from '../support/no-desktop.ts';

const LIMIT_MS = 1_000;

test('is told as one that does not answer, by the terminal, the list of models and that of backends', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const home = mkdtempSync(path.join(tmpdir(), 'hearth-hung-'));
  const source = (file: string) => new URL(`../../${file}`, import.meta.url);
  const made = await createServices({
    folder: home,
    env: { PATH: '', OLLAMA_HOST: host },
    programs: {
      storageWorker: source('src/main/storage/worker.ts'),
      llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
      appRoot: fileURLToPath(source('.')),
    },
    version: 'test',
    retryInUseMs: null,
    resumesDownloads: true,
  });
  onTestFinished(async () => {
    await made.stop();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  await made.settings.set({ timeouts: { connectMs: LIMIT_MS } });
  await made.start();
  const client = createRouterClient(createRouter(made, noDesktop), { context: { client: 'cli' } });

  const stderr = new PassThrough();
  const options = { isCatalogue: false, isJson: false, isShared: false, signal: new AbortController().signal };
  expect(await models(client, { ...options, stdout: new PassThrough(), stderr })).toBe(1);
  expect(String(stderr.read())).toContain(`${host} took the connection but did not answer within 1.2 s.`);

  const told = { problem: { code: 'backend_no_answer' } };
  expect(await client.models.refresh()).toMatchObject(told);
  const { backends } = await client.backends.check();
  expect(backends.find(({ id }) => id === 'ollama')).toMatchObject({ state: 'unavailable', ...told });
  const asked = client.models.details({ name: 'tiny', engine: 'ollama' });
  await expect(asked).rejects.toMatchObject({ data: { code: 'backend_no_answer' } });
});
