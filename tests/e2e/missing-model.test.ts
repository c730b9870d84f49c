// A model that was chosen once and is gone: its download is offered where the answer failed, and asking again works.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('a model that is gone is downloaded from the failed answer, which is asked again', async ({ home, start }) => {
  const settings = { model: 'qwen2.5:7b', onboarding: { isDone: true } };
  writeFileSync(path.join(home, 'settings.json'), JSON.stringify(settings));
  const ollama = await startReplayOllama({
    models: [{ name: 'llama3.2:3b' }],
    answer: { tokens: ['Here ', 'again.'] },
    pull: { layers: [{ digest: `sha256:${'c'.repeat(64)}`, bytes: 1_000_000 }], bytesPerRecord: 500_000 },
  });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.ask('Are you there?');
  await expect(on.answers).toContainText('has no model called “qwen2.5:7b”');
  await on.answers.getByRole('button', { name: /^Download qwen2.5 7B \(4\.7 GB\)/ }).click();
  await expect(on.answers).toContainText('qwen2.5 7B is here.', { timeout: 20_000 });
  await on.answers.getByRole('button', { name: 'Ask again' }).first().click();
  await expect(on.answers).toContainText('Here again.');
  expect(ollama.requestsTo('/api/pull')).toHaveLength(1);
  await ollama.close();
});
