// From starting the program to a composer that can be typed in, against an Electron hello world of the same version, in
// turns. Needs a display and a built Hearth: `npm run bench` sees to both.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quantile, reportRatio } from './support/report.ts';

const ROUNDS = 9;
const LIMIT_MS = 30_000;
const root = path.join(import.meta.dirname, '..');
const electron = process.env.HEARTH_ELECTRON;
if (electron === undefined) throw new Error('HEARTH_ELECTRON is not set; run this through npm run bench');

const home = mkdtempSync(path.join(tmpdir(), 'hearth-start-'));
const hello: number[] = [];
const hearth: number[] = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const helloMs = await startOnce(path.join(import.meta.dirname, 'support/hello'));
  const hearthMs = await startOnce(root);
  // The first round fills the caches.
  if (round === 0) continue;
  hello.push(helloMs);
  hearth.push(hearthMs);
}
rmSync(home, { recursive: true, force: true });

reportRatio('start', quantile(hearth, 0.5) / quantile(hello, 0.5), 1.5, {
  hello_ms_p50: quantile(hello, 0.5),
  hearth_ms_p50: quantile(hearth, 0.5),
});

function startOnce(program: string): Promise<number> {
  const startedAt = performance.now();
  const args = ['-r', path.join(import.meta.dirname, 'support/report-composer.cjs')];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const child = spawn(electron!, [...args, program], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, HEARTH_HOME: home, OLLAMA_HOST: '127.0.0.1:9', HEARTH_OLLAMA: '/nonexistent' },
  });
  return new Promise((resolve, reject) => {
    let usableMs = Number.NaN;
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('composer-usable true')) return;
      usableMs = performance.now() - startedAt;
      child.kill('SIGTERM');
    });
    child.on('exit', () => {
      clearTimeout(limit);
      if (Number.isNaN(usableMs)) reject(new Error(`${program}: no usable composer within ${LIMIT_MS} ms`));
      else resolve(usableMs);
    });
  });
}
