// Several terminals at once, terminals that are interrupted, and what they tell beside an answer.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { environment, NO_OLLAMA } from './support/environment.ts';
import { expect, root, test } from './support/hearth.ts';

const TOKENS = ['Half ', 'of ', 'an ', 'answer ', 'is ', 'kept.'];

test('a terminal that is finished waits for those that joined it', async ({ home }) => {
  const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 2 });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = run(home, ['ask', 'The first'], env);
  await ollama.held();
  const second = run(home, ['ask', 'The second'], env);
  await expect.poll(() => second.stderrText()).toContain('In line: number 1');
  ollama.release();
  await expect.poll(() => first.stderrText()).toContain('What another terminal asked for is still under way here');
  await ollama.held();
  ollama.release();
  expect(await first.end()).toEqual({ code: 0, stdout: 'Half of an answer is kept.\n' });
  expect(await second.end()).toEqual({ code: 0, stdout: 'Half of an answer is kept.\n' });
  await ollama.close();
});

test('Ctrl C while the question is being read ends the program', async ({ home }) => {
  const terminal = run(home, ['ask', '-'], NO_OLLAMA);
  // More than a pipe holds: what has gone has been read.
  await new Promise((resolve) => terminal.child.stdin.write('x'.repeat(1_000_000), resolve));
  terminal.child.kill('SIGTERM');
  expect(await terminal.end()).toEqual({ code: 130, stdout: '' });
});

test('Ctrl C while the answer streams keeps what came', async ({ home, hearth }) => {
  const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 2 });
  const terminal = run(home, ['ask', 'Interrupted'], { OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  await expect.poll(() => terminal.stdoutText()).toBe('Half of ');
  terminal.child.kill('SIGTERM');
  expect(await terminal.end()).toEqual({ code: 130, stdout: 'Half of \n' });
  expect(terminal.stderrText()).toContain('Stopped. What had arrived is in the history.');
  await expect.poll(() => ollama.requestsTo('/api/chat')[0]?.aborted).toBe(true);
  await ollama.close();
  expect((await hearth(['doctor', '--json'])).stdout).toContain('1 chat, 2 messages');
});

test('Ctrl C waits for nobody, and those that joined are told', async ({ home }) => {
  const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 2 });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = run(home, ['ask', 'The first'], env);
  await ollama.held();
  const second = run(home, ['ask', 'The second'], env);
  await expect.poll(() => second.stderrText()).toContain('In line: number 1');
  first.child.kill('SIGINT');
  expect(await first.end()).toMatchObject({ code: 130 });
  expect(await second.end()).toMatchObject({ code: 1 });
  expect(second.stderrText()).toContain('Hearth was closed while this answer was being written');
  await ollama.close();
});

test('a settings file that was put aside is told', async ({ home, hearth }) => {
  writeFileSync(path.join(home, 'settings.json'), '{"theme": ');
  const result = await hearth(['ask', 'hello']);
  expect(result.code).toBe(3);
  expect(result.stderr).toContain('Your settings could not be read. Hearth kept the old file as settings-corrupt-');
});

test('a reader that goes away ends the answer', async ({ home }) => {
  const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 2 });
  const terminal = run(home, ['ask', 'Piped'], { OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  await expect.poll(() => terminal.stdoutText()).toBe('Half of ');
  terminal.child.stdout.destroy();
  terminal.child.stderr.destroy();
  ollama.release();
  expect(await terminal.end()).toMatchObject({ code: expect.any(Number) });
  await ollama.close();
});

interface Terminal {
  child: ChildProcessWithoutNullStreams;
  stdoutText(): string;
  stderrText(): string;
  end(): Promise<{ code: number | null; stdout: string }>;
}

function run(home: string, args: string[], env: Record<string, string>): Terminal {
  const child = spawn('node', [path.join(root, 'bin/hearth.mjs'), ...args], {
    cwd: root,
    env: environment(home, env),
  });
  let stdout = '';
  let stderr = '';
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    stdoutText: () => stdout,
    stderrText: () => stderr,
    end: async () => ({ code: await ended, stdout }),
  };
}
