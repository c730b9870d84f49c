// kill -9 in the middle of an answer: question and received text are there after the next start.
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('kill -9 mid-stream, then start', async ({ start, home }) => {
  const tokens = Array.from({ length: 60 }, (_, index) => `w${index} `);
  const ollama = await startReplayOllama({ answer: { tokens }, holdAfterRecords: 30 });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = await start(env);
  let on = screen(first.window);
  await on.ask('Will this survive?');
  await expect(on.answers).toContainText('w29');
  // What has been on the screen for a quarter of a second is on the disk: wait for the file, not for a clock.
  await expect.poll(() => journaled(home)).toContain('w29');
  await first.kill();

  const second = await start(env);
  on = screen(second.window);
  await on.chat(/Will this survive/).click();
  await expect(on.questions).toContainText('Will this survive?');
  await expect(on.answers).toContainText('w29');
  await expect(on.answers).toContainText('Hearth was closed while this answer was being written');
  ollama.set({ holdAfterRecords: null });
  await on.answers.getByRole('button', { name: 'Ask again' }).first().click();
  await expect(on.answers.last()).toContainText('w59');
  await ollama.close();
});

/** The journal of the running answer, read beside the running Hearth. */
function journaled(home: string): string {
  const history = new DatabaseSync(path.join(home, 'history.sqlite'), { readOnly: true });
  try {
    const rows = history.prepare('SELECT text FROM journal ORDER BY id').all() as { text: Uint8Array }[];
    return Buffer.concat(rows.map(({ text }) => text)).toString('utf16le');
  } finally {
    history.close();
  }
}
