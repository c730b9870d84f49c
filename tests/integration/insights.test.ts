// After a turn, through all of main: what Ollama is asked in the background, and what windows see of it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { ConversationChange } from '../../src/contract/conversations.ts';
import type { FactsStatus } from '../../src/contract/facts.ts';
import type { SettingsPatch } from '../../src/contract/settings.ts';
import { aboutWriter } from '../../src/main/insights/about-writer.ts';
import { createRouter } from '../../src/main/ipc/index.ts';
import { createServices } from '../../src/main/services.ts';
import { waitFor } from '../support/insight-scene.ts';
import { noDesktop } from '../support/no-desktop.ts';
import { type ReplayOllama, type SeenRequest, startReplayOllama } from '../support/replay-ollama/index.ts';

const source = (file: string) => new URL(`../../${file}`, import.meta.url);
const on = { isOn: true, backend: null, model: null };
const QUESTION = 'I live in Oslo and my build is broken again. What is a mutex?';

let folder: string;
let ollama: ReplayOllama;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-insights-'));
  ollama = await startReplayOllama({ onRequest: (request) => ollama.set({ answer: { tokens: replyTo(request) } }) });
});
afterEach(async () => {
  await ollama.close();
  rmSync(folder, { recursive: true, force: true });
});

interface ChatBody {
  model: string;
  messages: { role: string; content: string }[];
  format?: { properties?: object };
  think?: boolean;
  options?: Record<string, unknown>;
}
const bodyOf = ({ body }: SeenRequest) => body as ChatBody;

/** As a model that does what it is told. */
function replyTo(request: SeenRequest): string[] {
  if (request.path !== '/api/chat') return [];
  const { format, messages } = bodyOf(request);
  if (messages[0]?.content.includes('word for word')) return [messages.at(-1)?.content ?? ''];
  if (format?.properties && 'facts' in format.properties) return ['{"facts": ["Lives ', 'in Oslo."]}'];
  if (format?.properties && 'label' in format.properties) return ['{"label": "anger", ', '"confidence": 0.6}'];
  if (messages[0]?.content.includes('You name chats')) return ['"Mutexes and ', 'a broken build"'];
  return ['A ', 'lock.'];
}

async function open(patch: SettingsPatch, env: NodeJS.ProcessEnv = {}) {
  const services = await createServices({
    folder,
    env: { PATH: '', OLLAMA_HOST: `${ollama.host}:${ollama.port}`, ...env },
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
  await services.settings.set(patch);
  await services.start();
  await services.backends.check();
  const client = createRouterClient(createRouter(services, noDesktop), { context: { client: 'window' } });
  return { services, client };
}

const chats = () => ollama.requestsTo('/api/chat').map(bodyOf);

test('a turn, then its title, tone and facts, as Ollama gets them and windows see them', async () => {
  const { client } = await open({ purposes: { titles: on, emotion: on, facts: on } });
  const changes: ConversationChange[] = [];
  const watch = await client.conversations.watch();
  void (async () => {
    for await (const change of watch) changes.push(change);
  })();
  const facts = (await client.facts.watch())[Symbol.asyncIterator]();
  expect((await facts.next()).value).toEqual({ facts: [] });

  const { conversation, question } = await client.chat.send({ conversationId: null, text: QUESTION });
  const learned = (await facts.next()).value as FactsStatus;
  expect(learned.facts).toMatchObject([
    { text: 'Lives in Oslo.', isOn: true, source: { conversationId: conversation.id, messageId: question.id } },
  ]);
  const [, title, tone, repeated, statements] = chats();
  for (const request of [title, tone, repeated, statements]) {
    expect(request).toMatchObject({ model: 'tiny:latest', think: false, options: { temperature: 0 } });
    expect(request?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  }
  for (const request of [title, tone])
    expect(request?.messages[1]?.content).toContain(`<message>\n${QUESTION}\n</message>`);
  // Only what the message says about its writer is read for facts.
  expect(statements?.messages[1]?.content).toBe(`<message>\n${aboutWriter(QUESTION)}\n</message>`);
  expect(title?.options).toMatchObject({ num_predict: 40 });
  expect(title?.messages[1]?.content).toContain('<answer>\nA lock.\n</answer>');
  expect(tone).toMatchObject({ format: { required: ['label', 'confidence'] }, options: { num_predict: 60 } });
  expect(statements).toMatchObject({ format: { required: ['facts'] }, options: { num_predict: 400 } });

  const after = await client.conversations.get({ id: conversation.id });
  expect(after.title).toBe('Mutexes and a broken build');
  expect(after.messages[0]?.emotion).toMatchObject({
    label: 'anger',
    confidence: 0.6,
    source: { kind: 'ollama', model: 'tiny:latest', host: `${ollama.host}:${ollama.port}` },
  });
  expect(changes).toContainEqual({ type: 'changed', conversation: expect.objectContaining({ title: after.title }) });

  // The next question of any chat is asked with what was learned.
  const next = await client.chat.send({ conversationId: null, text: 'Where can I go swimming?' });
  await waitFor(async () => {
    const { messages } = await client.conversations.get({ id: next.conversation.id });
    expect(messages[1]).toMatchObject({ state: 'done', factsUsed: 1 });
  });
  const asked = chats().find(({ messages }) => messages.at(-1)?.content === 'Where can I go swimming?');
  expect(asked?.messages[0]).toMatchObject({ role: 'system', content: expect.stringContaining('- Lives in Oslo.') });
});

test('facts are added, changed, removed and brought back by a window', async () => {
  const { client, services } = await open({});
  const fact = await client.facts.add({ text: '  Likes tea. ' });
  expect(fact).toMatchObject({ text: 'Likes tea.', isOn: true, source: null });
  expect(await client.facts.edit({ id: fact.id, isOn: false })).toMatchObject({ isOn: false, text: 'Likes tea.' });
  await client.facts.remove({ id: fact.id });
  await expect(client.facts.edit({ id: fact.id, isOn: true })).rejects.toMatchObject({ data: { code: 'not_found' } });
  expect(await client.facts.undoRemove({ id: fact.id })).toMatchObject({ id: fact.id, isOn: false });
  await client.facts.remove({ id: fact.id });
  await services.stop();
  const again = await open({});
  expect((await again.services.history()).insights.facts.status()).toEqual({ facts: [] });
});

test('a chat chooses, is listed by who answered, and keeps its choice', async () => {
  const { client } = await open({});
  const choice = { backend: 'ollama', model: 'tiny:latest' };
  const { conversation, answer } = await client.chat.send({ conversationId: null, text: 'Hello', choice });
  expect(conversation.choice).toEqual(choice);
  await waitFor(async () => {
    const { messages } = await client.conversations.get({ id: conversation.id });
    expect(messages.find(({ id }) => id === answer.id)?.state).toBe('done');
  });
  const host = `${ollama.host}:${ollama.port}`;
  expect(await client.conversations.sources()).toEqual([
    { kind: 'ollama', label: 'Ollama', host, model: 'tiny:latest', conversations: 1 },
  ]);
  expect((await client.conversations.list({ source: { host } })).items).toHaveLength(1);
  expect((await client.conversations.list({ source: { kind: 'demo' } })).items).toEqual([]);
  const none = { backend: null, model: null };
  expect(await client.conversations.choose({ id: conversation.id, choice: none })).not.toHaveProperty('choice');
});

test('without a backend of its own, background work asks the one that answered, not the one of the settings', async () => {
  const url = 'http://models.invalid/v1';
  const { client } = await open({
    backend: 'cloud',
    backends: {
      added: [{ id: 'cloud', url, name: 'Cloud', hasKey: false, headerNames: [], standsIn: true }],
      order: ['cloud'],
    },
    purposes: { titles: on, facts: on },
  });
  const choice = { backend: 'ollama', model: null };
  await client.chat.send({ conversationId: null, text: QUESTION, choice });
  await waitFor(async () => {
    expect((await client.conversations.list({})).items[0]?.title).toBe('Mutexes and a broken build');
  });
  await waitFor(() => expect(chats()).toHaveLength(4));
});

test('a variable of the environment names who reads for facts', async () => {
  const reader = await startReplayOllama({
    onRequest: (request) => reader.set({ answer: { tokens: replyTo(request) } }),
  });
  onTestFinished(() => reader.close());
  const env = { LLM_FACTS_API_URL: `ollama://tiny:latest@${reader.host}:${reader.port}` };
  const { client } = await open({ purposes: { facts: on } }, env);
  const facts = (await client.facts.watch())[Symbol.asyncIterator]();
  await facts.next();
  await client.chat.send({ conversationId: null, text: QUESTION });
  expect(((await facts.next()).value as FactsStatus).facts).toMatchObject([{ text: 'Lives in Oslo.' }]);
  expect(chats()).toHaveLength(1);
  // Whether it can repeat a sentence, and what the message says.
  expect(reader.requestsTo('/api/chat')).toHaveLength(2);
});

test('a backend that fails in the background is asked by people as before', async () => {
  const { client, services } = await open({ purposes: { titles: on }, ifNothingAnswers: 'say' });
  ollama.set({ holdAfterRecords: 0 });
  await client.chat.send({ conversationId: null, text: QUESTION });
  await ollama.held();
  // The title's request, which the replay sees once the answer is written.
  ollama.set({
    holdAfterRecords: null,
    fault: { kind: 'error-line', afterRecords: 0, error: 'no memory for this model' },
  });
  ollama.release();
  await waitFor(() => {
    expect(readFileSync(path.join(folder, 'logs', 'hearth.log'), 'utf8')).toContain('Background work was left out');
  });
  expect(services.backends.status().backends.find(({ id }) => id === 'ollama')?.restsUntilMs).toBeNull();
});

test('an Ollama that fails in the background is a line in the log and nothing else', async () => {
  const { client } = await open({ purposes: { titles: on } });
  ollama.set({ holdAfterRecords: 0 });
  const { conversation, answer } = await client.chat.send({ conversationId: null, text: QUESTION });
  await ollama.held();
  ollama.set({ holdAfterRecords: null, fault: { kind: 'error-line', afterRecords: 1, error: 'out of memory' } });
  ollama.release();
  await waitFor(() => {
    const log = readFileSync(path.join(folder, 'logs', 'hearth.log'), 'utf8');
    expect(log).toContain('Background work was left out');
    expect(log).not.toContain('mutex');
  });
  const after = await client.conversations.get({ id: conversation.id });
  expect(after.title).toBe(conversation.title);
  expect(after.messages.find(({ id }) => id === answer.id)).toMatchObject({ state: 'done', error: null });
});
