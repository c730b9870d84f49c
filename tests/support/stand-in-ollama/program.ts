// The stand-in `ollama` itself: `program.ts FOLDER serve|--version`. Run through the executable that index.ts writes.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ReplayOllama, startReplayOllama } from '../replay-ollama/index.ts';
import { BEHAVIOUR_FILE, REPORT_FILE } from './behaviour.ts';
import type { StandInBehaviour, StandInReport } from './behaviour.ts';

/** The address in the recorded start lines. */
const RECORDED_HOST = '127.0.0.1:21500';
const LIFETIME_MS = 10 * 60_000;

const [folder = '.', command] = process.argv.slice(2);
const behaviour = JSON.parse(readFileSync(path.join(folder, BEHAVIOUR_FILE), 'utf8')) as StandInBehaviour;
const version = behaviour.version ?? '0.0.0';
let runner: ChildProcess | null = null;
let replay: ReplayOllama | null = null;

if (command === 'serve') await serve();
else if (command === '--version') console.log(`ollama version is ${version}`);
else console.log('Usage:\n  ollama [flags]\n  ollama [command]');

async function serve(): Promise<void> {
  // Nothing of a test stays for ever, whatever the test forgets.
  setTimeout(() => process.exit(1), LIFETIME_MS);
  process.on('SIGTERM', () => void stop());
  report();
  if (behaviour.exit) {
    process.stderr.write(behaviour.exit.output);
    process.exitCode = behaviour.exit.status;
    process.exit();
  }
  await sleep(behaviour.startDelayMs ?? 0);
  if (behaviour.runner === 'start') await startRunner();
  const [host = '127.0.0.1', port = '11434'] = (process.env.OLLAMA_HOST ?? '').split(':').filter((part) => part !== '');
  const actualPort = await listen(host, Number(port));
  if (behaviour.fault === 'mute') return;
  // Go listens on both kinds of addresses then, and says so.
  printStartLines(`${host === '0.0.0.0' ? '[::]' : host}:${actualPort}`);
  for (let line = 1; line <= (behaviour.extraLogLines ?? 0); line += 1)
    process.stderr.write(
      `time=2026-11-20T22:20:34.401Z level=INFO source=stand-in.ts msg="extra line" number=${line}\n`,
    );
  if (behaviour.crash) crash();
}

/** Serves the recordings and resolves with the port; ends like the real program when it is taken. */
async function listen(host: string, port: number): Promise<number> {
  if (behaviour.fault === 'deaf') return await listenDeaf(host, port);
  try {
    replay = await startReplayOllama({
      version,
      ...behaviour.replay,
      ...(behaviour.dieAfterRecords === undefined ? {} : { holdAfterRecords: behaviour.dieAfterRecords }),
      host,
      port,
      onRequest({ path: requested }) {
        const isWork = requested === '/api/chat' || requested === '/api/generate';
        if (isWork && behaviour.runner !== 'never' && runner === null) void startRunner();
      },
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    process.stderr.write(`Error: listen tcp ${host}:${port}: bind: address already in use\n`);
    process.exit(1);
  }
  // The records count as sent when they have left: node writes them at the end of the turn.
  if (behaviour.dieAfterRecords !== undefined) void replay.held().then(() => setImmediate(crash));
  return replay.port;
}

/** Accepts connections and never answers. */
function listenDeaf(host: string, port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(port, host, () => resolve((server.address() as { port: number }).port));
  });
}

function printStartLines(host: string): void {
  const fixture = new URL('../../fixtures/ollama/serve-log.json', import.meta.url);
  const { lines } = JSON.parse(readFileSync(fixture, 'utf8')) as { lines: string[] };
  const last = lines.findIndex((line) => line.includes('msg="vram-based default context"'));
  for (const line of lines.slice(0, last + 1))
    process.stderr.write(`${line.replace(RECORDED_HOST, host).replace('(version 0.0.0)', `(version ${version})`)}\n`);
}

/** A grandchild that outlives a server that was killed, as the real one does. Resolves when it runs. */
async function startRunner(): Promise<void> {
  const file = fileURLToPath(new URL('runner.ts', import.meta.url));
  const flags = behaviour.ignoresSigterm === true ? ['--ignore-sigterm'] : [];
  runner = spawn(process.execPath, [file, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  report();
  await new Promise((resolve) => runner?.stdout?.once('data', resolve));
}

function crash(): void {
  process.kill(process.pid, 'SIGKILL');
}

async function stop(): Promise<void> {
  if (behaviour.ignoresSigterm === true) return;
  runner?.kill('SIGKILL');
  await replay?.close();
  process.exit(0);
}

function report(): void {
  const env = Object.entries(process.env).filter(([name]) => name.startsWith('OLLAMA_'));
  const told: StandInReport = {
    server: process.pid,
    runner: runner?.pid ?? null,
    env: Object.fromEntries(env) as Record<string, string>,
  };
  // Whole or not at all: tests read it at any time.
  const file = path.join(folder, REPORT_FILE);
  writeFileSync(`${file}.new`, JSON.stringify(told));
  renameSync(`${file}.new`, file);
}
