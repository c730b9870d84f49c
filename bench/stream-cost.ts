// What a streamed answer costs besides the engine: CPU time of all of Hearth's processes while 400 tokens come at 80 a second,
// over what an engine on one core uses in that time. The text is an answer as models write them, drawn in the real window.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron } from '@playwright/test';
import { cpuSecondsBelow, used } from './support/process-times.ts';
import { quantile, reportRatio } from './support/report.ts';

const TOKENS = 400;
/** As a small model on a slow computer. */
const TOKENS_PER_SECOND = 80;
const FIRST_MS = 500;
const STREAM_MS = FIRST_MS + (TOKENS / TOKENS_PER_SECOND) * 1_000;
const ROUNDS = 3;
/** A tenth of a core. */
const GOAL = 0.1;
const LIMIT_MS = 60_000;
const root = path.join(import.meta.dirname, '..');

if (process.platform !== 'linux') {
  console.log('bench stream-cost is measured on Linux alone: no other system tells the CPU time of other processes');
  process.exit();
}

const home = mkdtempSync(path.join(tmpdir(), 'hearth-stream-cost-'));
writeFileSync(path.join(home, 'settings.json'), JSON.stringify({ onboarding: { isDone: true } }));
const server = spawn(process.execPath, [path.join(import.meta.dirname, 'support/scripted-server.mjs')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const port = await new Promise<number>((resolve) =>
  server.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString().trim()))),
);
const app = await _electron.launch({
  executablePath: process.env.HEARTH_ELECTRON ?? '',
  args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
  env: { ...process.env, HEARTH_HOME: home, OLLAMA_HOST: `127.0.0.1:${port}`, HEARTH_OLLAMA: '/nonexistent' },
});
const costs: { all: number; byKind: Record<string, number> }[] = [];
try {
  const window = await app.firstWindow();
  const pid = app.process().pid ?? 0;
  // The first round fills the caches.
  for (let round = 0; round <= ROUNDS; round += 1) {
    await window.getByRole('button', { name: 'New chat' }).click();
    await window
      .getByRole('textbox', { name: 'Message' })
      .fill(`first=${FIRST_MS} rate=${TOKENS_PER_SECOND} tokens=${TOKENS} prose`);
    const before = cpuSecondsBelow(pid);
    await window.keyboard.press('Enter');
    // Nobody looks at the page meanwhile: a test that waits for something in it looks at every frame.
    await sleep(STREAM_MS);
    const byKind = used(before, cpuSecondsBelow(pid));
    await window.getByRole('button', { name: 'Copy answer' }).waitFor({ timeout: LIMIT_MS });
    const all = Object.values(byKind).reduce((sum, one) => sum + one, 0);
    if (round > 0)
      costs.push({
        all: all / (STREAM_MS / 1_000),
        byKind: Object.fromEntries(Object.entries(byKind).map(([kind, one]) => [kind, one / (STREAM_MS / 1_000)])),
      });
  }
} finally {
  await app.close();
  server.kill();
  rmSync(home, { recursive: true, force: true });
}
const middle = costs.toSorted((a, b) => a.all - b.all)[Math.floor(costs.length / 2)];
reportRatio(
  'stream-cost',
  quantile(
    costs.map(({ all }) => all),
    0.5,
  ),
  GOAL,
  middle?.byKind,
);
