// Hearth's own services on a scratch folder, answered by the scripted server: what the benches measure.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServices, type Services } from '../../src/main/services.ts';

const root = path.join(import.meta.dirname, '../..');

export interface Bench {
  port: number;
  services: Services;
  stop(): Promise<void>;
}

export async function startBench(): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hearth-bench-'));
  const server = spawn(process.execPath, [path.join(import.meta.dirname, 'scripted-server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await firstNumber(server);
  const services = await createServices({
    folder,
    env: { ...process.env, OLLAMA_HOST: `127.0.0.1:${port}` },
    programs: {
      storageWorker: new URL('../../src/main/storage/worker.ts', import.meta.url),
      llamaEngine: path.join(root, 'src/main/backends/llamacpp/engine-process.ts'),
      appRoot: root,
    },
    version: 'bench',
    retryInUseMs: null,
    resumesDownloads: true,
  });
  await services.start();
  await services.backends.check();
  return {
    port,
    services,
    async stop() {
      await services.stop();
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function firstNumber(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString().trim())));
    child.once('exit', () => reject(new Error('the scripted server ended before it listened')));
  });
}
