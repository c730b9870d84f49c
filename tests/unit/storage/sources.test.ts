// Who answered in which conversation: the filter of the history, and what can be chosen in it.
import { describe, expect, it } from 'vitest';
import type { AnswerSource } from '../../../src/contract/conversations.ts';
import { noUsage } from '../../support/scripted-backends.ts';
import {
  firstTurn,
  nextTurn,
  ollama,
  openHistory,
  settlement,
  startStorageProcess,
  temporaryFolder,
} from '../../support/storage.ts';

const cloud: AnswerSource = {
  kind: 'openai',
  url: 'https://models.example/v1#big',
  label: 'Example',
  model: 'big',
  host: 'models.example',
  skipped: [],
};

async function history() {
  const storage = await openHistory(temporaryFolder());
  let nowMs = 1_000;
  async function chat(title: string, ...sources: (AnswerSource | null)[]) {
    const first = firstTurn({ title, nowMs: (nowMs += 10) });
    const { conversationId } = first;
    let turn = await storage.beginTurn(first);
    for (const [index, source] of sources.entries()) {
      if (index > 0) turn = await storage.beginTurn(nextTurn(conversationId, turn.answer.id, { nowMs: (nowMs += 10) }));
      if (source) await storage.markStreaming(turn.answer.id, source);
      await storage.settle(settlement(turn.answer.id, { source, nowMs: (nowMs += 10) }));
    }
    return conversationId;
  }
  const titles = async (source: Parameters<typeof storage.listConversations>[0]['source']) =>
    (await storage.listConversations({ limit: 10, source })).map(({ title }) => title);
  return { storage, chat, titles };
}

describe('the filter', () => {
  it('finds conversations with an answer from there, newest first, each once', async () => {
    const { chat, titles } = await history();
    await chat('Both', ollama, cloud);
    await chat('Ollama', ollama, ollama);
    await chat('Cloud', cloud);
    await chat('Nobody', null);
    expect(await titles({ kind: 'ollama' })).toEqual(['Ollama', 'Both']);
    expect(await titles({ label: 'Example' })).toEqual(['Cloud', 'Both']);
    expect(await titles({ host: 'models.example', model: 'big', kind: 'openai' })).toEqual(['Cloud', 'Both']);
    expect(await titles({ kind: 'openai', model: 'small' })).toEqual([]);
    expect(await titles({})).toEqual(['Cloud', 'Ollama', 'Both']);
    expect(await titles(undefined)).toEqual(['Nobody', 'Cloud', 'Ollama', 'Both']);
  });

  it('tells a backend without a host from one with any', async () => {
    const { chat, titles } = await history();
    await chat('Built in', { ...cloud, kind: 'llamacpp', label: 'Built-in engine', host: null, model: null });
    await chat('Cloud', cloud);
    expect(await titles({ host: null })).toEqual(['Built in']);
    expect(await titles({ model: null })).toEqual(['Built in']);
  });

  it('goes by who answered in the end, not by who was asked first', async () => {
    const { storage, titles } = await history();
    const turn = await storage.beginTurn(firstTurn({ title: 'Fell back' }));
    await storage.markStreaming(turn.answer.id, cloud);
    await storage.settle(settlement(turn.answer.id, { source: ollama }));
    expect(await titles({ kind: 'openai' })).toEqual([]);
    expect(await titles({ kind: 'ollama' })).toEqual(['Fell back']);
  });

  it('goes page by page', async () => {
    const { storage, chat } = await history();
    for (const title of ['a', 'b', 'c', 'd']) await chat(title, title === 'c' ? cloud : ollama);
    const source = { kind: 'ollama' as const };
    const first = await storage.listConversations({ limit: 2, source });
    const last = first.at(-1)!;
    const second = await storage.listConversations({ limit: 2, source, after: last });
    expect([...first, ...second].map(({ title }) => title)).toEqual(['d', 'b', 'a']);
  });

  it('leaves the bin out', async () => {
    const { storage, chat, titles } = await history();
    const id = await chat('Binned', cloud);
    await storage.deleteConversation(id, 5_000);
    expect(await titles({ kind: 'openai' })).toEqual([]);
    expect(await storage.knownSources()).toEqual([]);
    await storage.restoreConversation(id);
    expect(await titles({ kind: 'openai' })).toEqual(['Binned']);
  });

  it('knows an answer that was cut by the death of Hearth', async () => {
    const folder = temporaryFolder();
    const turn = firstTurn({ title: 'Cut' });
    const process = startStorageProcess(folder);
    await process.next();
    process.send({ do: 'begin', turn });
    await process.next();
    process.send({ do: 'stream', messageId: turn.answerId, source: cloud });
    await process.next();
    await process.kill();
    const storage = await openHistory(folder);
    const found = await storage.listConversations({ limit: 10, source: { kind: 'openai' } });
    expect(found.map(({ title }) => title)).toEqual(['Cut']);
  });
});

it('what answered is counted by conversation, the most used first, and goes with the last of them', async () => {
  const { storage, chat } = await history();
  const cloudChat = await chat('a', cloud, cloud, ollama);
  await chat('b', ollama);
  const { url: _, skipped: __, ...ollamaKey } = ollama;
  expect(await storage.knownSources()).toEqual([
    { ...ollamaKey, conversations: 2 },
    { kind: 'openai', label: 'Example', host: 'models.example', model: 'big', conversations: 1 },
  ]);
  await storage.deleteConversation(cloudChat, 1_000);
  await storage.purgeExpired(1_000 + 31 * 24 * 60 * 60 * 1_000);
  expect(await storage.knownSources()).toEqual([{ ...ollamaKey, conversations: 1 }]);
  expect(await storage.check()).toEqual([]);
});

it('an engine has answered once it has said a word, wherever the chat is now; the demo and a failure are none', async () => {
  const { storage } = await history();
  const demo: AnswerSource = { ...ollama, kind: 'demo', label: 'Demo', url: 'demo://' };
  const usage = { ...noUsage, firstTokenMs: 5 };
  const asked = async (about: Parameters<typeof settlement>[1]) => {
    const turn = await storage.beginTurn(firstTurn());
    await storage.settle(settlement(turn.answer.id, { usage: null, ...about }));
    return turn.conversation.id;
  };
  await asked({ source: null });
  await asked({ source: demo, usage });
  await asked({ source: ollama, state: 'failed', text: '' });
  expect(await storage.hasEngineAnswered()).toBe(false);
  // Stopped after its first word.
  const id = await asked({ source: ollama, state: 'stopped', usage });
  expect(await storage.hasEngineAnswered()).toBe(true);
  await storage.deleteConversation(id, 1);
  expect(await storage.hasEngineAnswered()).toBe(true);
});
