// Output that a slow reader has not taken yet, at the end of a real process.
import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const OUTPUT = new URL('../../../src/cli/output.ts', import.meta.url).href;
const BYTES = 1_000_000;

function writeAndExit() {
  const program = `
    import { flushed } from ${JSON.stringify(OUTPUT)};
    process.stdout.on('error', () => {});
    process.stdout.write('x'.repeat(${BYTES}));
    process.stderr.write('written');
    await flushed(process.stdout);
    process.exit();`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
}

test('all of it arrives, also when the reader begins late', async () => {
  const child = writeAndExit();
  await new Promise((resolve) => child.stderr.once('data', resolve));
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ bytes, code }).toEqual({ bytes: BYTES, code: 0 });
});

test('a reader that goes away does not hold the process', async () => {
  const child = writeAndExit();
  await new Promise((resolve) => child.stderr.once('data', resolve));
  child.stdout.destroy();
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
});
