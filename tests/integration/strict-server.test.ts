// A chat with a server whose template refuses what others take, through all of main: no refusal is the chat's for good.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../src/contract/conversations.ts';
import type { ConversationId } from '../../src/contract/ids.ts';
import { createRouter } from '../../src/main/ipc/index.ts';
import { createServices } from '../../src/main/services.ts';
import { waitFor } from '../support/insight-scene.ts';
import { noDesktop } from '../support/no-desktop.ts';
import { type ScriptedOpenAi, type SentMessage, startScriptedOpenAi } from '../support/scripted-openai.ts';
import { breachOfGemma, breachOfRoles, refusing } from '../support/strict-template.ts';

const source = (file: string) => new URL(`../../${file}`, import.meta.url);
let folder: string;
let server: ScriptedOpenAi;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-strict-'));
  server = await startScriptedOpenAi({ answer: { pieces: ['Yes', '.'] } });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open() {
  const services = await createServices({
    folder,
    env: { PATH: '', OLLAMA_HOST: '127.0.0.1:9' },
    programs: {
      storageWorker: source('src/main/storage/worker.ts'),
      llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
      appRoot: fileURLToPath(source('.')),
    },
    version: 'test',
    retryInUseMs: null,
    resumesDownloads: false,
  });
  onTestFinished(() => services.stop());
  await services.settings.set({
    backend: 'strict',
    ollama: { startWhenNeeded: false },
    backends: {
      added: [{ id: 'strict', url: server.url, name: 'Strict', hasKey: false, headerNames: [], standsIn: false }],
    },
  });
  await services.start();
  await services.backends.check();
  const client = createRouterClient(createRouter(services, noDesktop), { context: { client: 'window' } });
  let conversationId: ConversationId | null = null;
  const ask = async (text: string, backend?: string): Promise<Message> => {
    const asked = await client.chat.send({ conversationId, text, ...(backend === undefined ? {} : { backend }) });
    conversationId = asked.conversation.id;
    return await waitFor(async () => {
      const { messages } = await client.conversations.get({ id: asked.conversation.id });
      const answer = messages.find(({ id }) => id === asked.answer.id);
      if (answer === undefined || answer.settledAtMs === null) throw new Error('not settled yet');
      return answer;
    });
  };
  return { client, ask };
}

const sent = () => server.chats().map(({ body }) => (body as { messages: SentMessage[] }).messages);
const lastSent = () =>
  sent()
    .at(-1)
    ?.map(({ role, content }) => `${role}: ${content}`);

test('a question after a reply of the demo, and one after a failure, are taken', async () => {
  server.set({ refuses: refusing(breachOfRoles) });
  const { ask } = await open();
  await ask('One', 'demo');
  expect(await ask('Two')).toMatchObject({ state: 'done', source: { label: 'Strict' } });
  expect(lastSent()).toEqual(['user: One\n\nTwo']);
  server.set({ fault: { kind: 'cut', afterRecords: 0 } });
  expect(await ask('Three', 'strict')).toMatchObject({ state: 'failed' });
  server.set({ fault: null });
  expect(await ask('Four', 'strict')).toMatchObject({ state: 'done' });
  expect(lastSent()).toEqual(['user: One\n\nTwo', 'assistant: Yes.', 'user: Three\n\nFour']);
});

test('a model without a system role gets it with the question, found out once', async () => {
  server.set({ refuses: refusing(breachOfGemma) });
  const { client, ask } = await open();
  await client.facts.add({ text: 'Lives in Oslo.' });
  expect(await ask('One')).toMatchObject({ state: 'done', factsUsed: 1 });
  expect(await ask('Two')).toMatchObject({ state: 'done', factsUsed: 1 });
  expect(sent()).toHaveLength(3);
  const [first] = sent().at(-1) ?? [];
  expect(first).toMatchObject({ role: 'user', content: expect.stringMatching(/Lives in Oslo\.[\s\S]*\n\nOne$/) });
});

test('what was a thought is kept as one, and not sent with the next question', async () => {
  server.set({ answer: { pieces: ['The user ', 'greets me.', '</think>', '\n\nHi', '!'] } });
  const { ask } = await open();
  for (const text of ['One', 'Two'])
    expect(await ask(text, 'strict')).toMatchObject({
      state: 'done',
      parts: [
        { type: 'thinking', text: 'The user greets me.' },
        { type: 'text', text: 'Hi!' },
      ],
    });
  expect(lastSent()).toEqual(['user: One', 'assistant: Hi!', 'user: Two']);
});

test('a question that was refused does not stand in the way of the next ones', async () => {
  const tooLong = { status: 400, body: '{"error":{"message":"maximum context length is 10 tokens"}}' };
  server.set({ refuses: (messages) => (messages.some(({ content }) => content?.includes('long')) ? tooLong : null) });
  const { ask } = await open();
  await ask('One', 'strict');
  expect(await ask('A long one', 'strict')).toMatchObject({ state: 'failed' });
  expect(await ask('Three', 'strict')).toMatchObject({ state: 'done' });
  expect(lastSent()).toEqual(['user: One', 'assistant: Yes.', 'user: Three']);
});
