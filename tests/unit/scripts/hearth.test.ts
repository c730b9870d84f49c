// The `hearth` command as installed: it behaves as if the terminal program were run directly.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository, scratchFolder } from './support.ts';

describe('hearth', () => {
  it('passes arguments, input, output and the exit code through', () => {
    const command = installed(`
      process.stdin.on('data', (text) => console.log(process.argv.slice(2).join(' '), String(text)));
      process.stdin.on('end', () => process.exit(3));`);
    const result = spawnSync(process.execPath, [command, 'ask', '-'], { input: 'hello', encoding: 'utf8' });
    expect(result).toMatchObject({ status: 3, stdout: 'ask - hello\n', stderr: '' });
  });

  it('runs by a link, as npm makes one', () => {
    const command = installed('console.log("here")');
    const link = path.join(scratchFolder(), 'hearth');
    symlinkSync(command, link);
    expect(spawnSync(process.execPath, [link], { encoding: 'utf8' }).stdout).toBe('here\n');
  });

  it.skipIf(process.platform === 'win32')('passes SIGINT and SIGTERM on and ends as the program ends', async () => {
    const command = installed(`
      process.on('SIGINT', () => console.log('interrupted'));
      process.on('SIGTERM', () => process.exit(5));
      setInterval(() => {}, 1e6);
      console.log('ready');`);
    const child = spawn(process.execPath, [command], { stdio: ['ignore', 'pipe', 'pipe'] });
    const closed = once(child, 'close');
    const words = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
    expect((await words.next()).value).toBe('ready\n');
    child.kill('SIGINT');
    expect((await words.next()).value).toBe('interrupted\n');
    child.kill('SIGTERM');
    expect(await closed).toEqual([5, null]);
  });

  it.skipIf(process.platform === 'win32')('turns a death by signal n into exit code 128 + n', () => {
    const command = installed('process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1e6);');
    expect(spawnSync(process.execPath, [command]).status).toBe(137);
  });
});

/** An installation without sources: the command and a terminal program of the test's. */
function installed(program: string): string {
  const root = scratchFolder();
  mkdirSync(path.join(root, 'out/main'), { recursive: true });
  cpSync(path.join(repository, 'bin'), path.join(root, 'bin'), { recursive: true });
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(root, 'out/main/cli.js'), program);
  return path.join(root, 'bin/hearth.mjs');
}
