// An installed Ollama that does not run: Hearth starts it as its own child, and nothing is left when Hearth ends.
import path from 'node:path';
import { descendantsOf, isAlive } from '../support/processes.ts';
import { makeStandInOllama, standInReport } from '../support/stand-in-ollama/index.ts';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const ANSWER = { tokens: ['From ', 'our ', 'own ', 'child.'] };

for (const way of ['quit', 'kill'] as const) {
  test(`started when needed; server and runner are gone after ${way === 'kill' ? 'kill -9' : 'quit'}`, async ({
    home,
    start,
  }) => {
    const folder = path.join(home, 'bin');
    const program = await makeStandInOllama(folder, { replay: { answer: ANSWER } });
    // Nothing answers at the address of these tests (this computer, port 9), so the installed program is started.
    const hearth = await start({ HEARTH_OLLAMA: program });
    const on = screen(hearth.window);
    await on.ask('Who are you?');
    await expect(on.answers).toContainText('From our own child.');
    await expect(on.answers.getByText('Demo reply')).toHaveCount(0);

    const { server, runner } = standInReport(folder);
    expect(isAlive(server)).toBe(true);
    expect(isAlive(runner ?? 0)).toBe(true);
    await hearth[way]();
    await expectGone([server, runner]);
  });
}

test('kill -9 in the middle of an answer: what ignores every request to end is gone within three seconds', async ({
  home,
  start,
}) => {
  const folder = path.join(home, 'bin');
  const replay = { answer: ANSWER, holdAfterRecords: 2 };
  const hearth = await start({ HEARTH_OLLAMA: await makeStandInOllama(folder, { ignoresSigterm: true, replay }) });
  const on = screen(hearth.window);
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From our');
  const { server, runner } = standInReport(folder);
  // All that belongs to Hearth, its windows and what guards the server included.
  const ours = process.platform === 'linux' ? descendantsOf(hearth.app.process().pid ?? 0) : [server, runner ?? 0];
  expect(ours).toEqual(expect.arrayContaining([server, runner]));
  await hearth.kill();
  await expect.poll(() => ours.filter(isAlive), { timeout: 3_000 }).toEqual([]);
});

test('a terminal on its own starts it, asks, and ends it', async ({ home, hearth }) => {
  const folder = path.join(home, 'bin');
  const program = await makeStandInOllama(folder, { replay: { answer: ANSWER } });
  const result = await hearth(['ask', 'Who are you?'], { env: { HEARTH_OLLAMA: program } });
  expect(result).toMatchObject({ code: 0, stdout: 'From our own child.\n' });
  const { server, runner } = standInReport(folder);
  await expectGone([server, runner]);
});

test('a server that Hearth did not start is left alone', async ({ home, start }) => {
  const ollama = await startReplayOllama({ answer: ANSWER });
  const folder = path.join(home, 'bin');
  const program = await makeStandInOllama(folder);
  const hearth = await start({ HEARTH_OLLAMA: program, OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(hearth.window);
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From our own child.');
  await hearth.quit();
  expect(() => standInReport(folder)).toThrow();
  expect((await fetch(`${ollama.url}/api/version`)).status).toBe(200);
  await ollama.close();
});

const expectGone = (pids: (number | null)[]) =>
  expect.poll(() => pids.filter((pid) => isAlive(pid ?? 0)), { timeout: 10_000 }).toEqual([]);
