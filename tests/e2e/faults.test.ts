// The server fails, Hearth keeps what arrived and says what happened.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const TOKENS = ['Half ', 'of ', 'an ', 'answer ', 'is ', 'kept.'];

for (const fault of [
  { kind: 'cut', afterRecords: 3, times: 1 },
  { kind: 'end-early', afterRecords: 3, times: 1 },
] as const) {
  test(`the server dies mid-answer (${fault.kind}): kept as far as it came, interrupted, asked again`, async ({
    start,
  }) => {
    const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, fault });
    const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
    const on = screen(window);
    await on.ask('Will this end well?');
    await expect(on.answers).toContainText('The answer was cut short');
    await expect(on.answers).toContainText('Half of an');
    await expect(on.answers).not.toContainText('answer is');
    await expect(on.answers).toContainText('Ollama stopped while writing');
    await on.answers.getByRole('button', { name: 'Ask again' }).first().click();
    await expect(on.answers.last()).toContainText('Half of an answer is kept.');
    await ollama.close();
  });
}

test('an unknown model: the error names it and offers what is installed', async ({ start, hearth }) => {
  const ollama = await startReplayOllama();
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const result = await hearth(['ask', '--model', 'nonesuch', 'hello'], { env });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('nonesuch');
  expect(result.stderr).toContain('tiny');
  const { window } = await start(env);
  const on = screen(window);
  await on.chat(/hello/).click();
  await expect(on.answers).toContainText('no model called “nonesuch”');
  await ollama.close();
});

test('another program on the port: the sentence says so', async ({ hearth }) => {
  const ollama = await startReplayOllama({ fault: { kind: 'html' } });
  const result = await hearth(['ask', '--backend', `ollama://tiny@${ollama.host}:${ollama.port}`, 'hello']);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('answered with a web page');
  await ollama.close();
});
