#!/usr/bin/env node
// The `hearth` command: runs the terminal program out/main/cli.js on a Node that the database works with.
// In a checkout it first installs and builds what is missing or outdated, telling so on stderr.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** better-sqlite3's binary needs this; an older Node crashes on it. */
const NODE_API_WANTED = 10;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const isCheckout = existsSync(path.join(root, 'src')) && existsSync(path.join(root, 'scripts'));

try {
  if (isCheckout) await setUp();
  run(suitableNode(), [path.join(root, 'out', 'main', 'cli.js'), ...process.argv.slice(2)]);
} catch (error) {
  console.error(error.name === 'SetupError' ? `hearth: ${error.message}` : error);
  process.exitCode = 1;
}

async function setUp() {
  const [{ areDependenciesCurrent }, { isBuilt }] = await Promise.all([
    import('../scripts/lib/dependencies.mjs'),
    import('../scripts/lib/build.mjs'),
  ]);
  if (areDependenciesCurrent() && isBuilt()) return;
  const { setUpTerminal } = await import('../scripts/lib/setup.mjs');
  await setUpTerminal();
}

function suitableNode() {
  const own = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.napi) >= NODE_API_WANTED) return process.execPath;
  throw Object.assign(new Error(`Node ${process.versions.node} is too old; install Node 24 or newer.`), {
    name: 'SetupError',
  });
}

/** Runs the program as if it were this process: same terminal, same signals, same exit code. */
function run(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  // In a terminal Ctrl+C reaches the whole group; passing it on would press it twice.
  const isTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => isTerminal || child.kill('SIGINT'));
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
  child.once('error', (error) => {
    console.error(`hearth: ${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, name) => process.exit(code ?? 128 + (os.constants.signals[name] ?? 1)));
}
