// What is remembered about the user, the tone of questions, a chat's own choice, and titles.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/contract/facts.ts';
import type { FactId } from '../../../src/contract/ids.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';
import { canMount, smallDisk } from '../../support/small-disk.ts';
import {
  firstTurn,
  newMessageId,
  ollama,
  openHistory,
  settlement,
  startStorageProcess,
  temporaryFolder,
} from '../../support/storage.ts';

const factOf = (text: string, given: Partial<Fact> = {}): Fact => ({
  id: uuidv7() as FactId,
  text,
  isOn: true,
  createdAtMs: 1_000,
  source: null,
  ...given,
});
const MONTH_MS = 31 * 24 * 60 * 60 * 1_000;

describe('facts', () => {
  it('come back newest first, also after a restart', async () => {
    const folder = temporaryFolder();
    const storage = await openHistory(folder);
    const { conversation, question } = await storage.beginTurn(firstTurn());
    const source = { conversationId: conversation.id, messageId: question.id };
    const old = factOf('Lives in Oslo. 🏔', { source });
    const fresh = factOf('Writes programs.', { createdAtMs: 2_000, isOn: false });
    await storage.putFact(old);
    await storage.putFact(fresh);
    expect(await storage.listFacts()).toEqual([fresh, old]);
    await storage.close();
    const again = await openHistory(folder);
    expect(await again.listFacts()).toEqual([fresh, old]);
    await again.dropFact(old.id);
    await again.dropFact(old.id);
    expect(await again.listFacts()).toEqual([fresh]);
  });

  it('change in text and switch only', async () => {
    const storage = await openHistory(temporaryFolder());
    const { conversation, question } = await storage.beginTurn(firstTurn());
    const source = { conversationId: conversation.id, messageId: question.id };
    const fact = factOf('Lives in Oslo.', { source });
    await storage.putFact(fact);
    await storage.putFact({ ...fact, text: 'Lives in Bergen.', isOn: false, source: null, createdAtMs: 9 });
    expect(await storage.listFacts()).toEqual([{ ...fact, text: 'Lives in Bergen.', isOn: false }]);
  });

  it('outlive their chat: in the bin and gone they have no source, back from it they have', async () => {
    const storage = await openHistory(temporaryFolder());
    const { conversation, question } = await storage.beginTurn(firstTurn());
    const source = { conversationId: conversation.id, messageId: question.id };
    const fact = factOf('Lives in Oslo.', { source });
    await storage.putFact(fact);
    await storage.deleteConversation(conversation.id, 1_000);
    expect(await storage.listFacts()).toEqual([{ ...fact, source: null }]);
    // Changed meanwhile, it still knows where it came from.
    await storage.putFact({ ...fact, source: null, isOn: false });
    await storage.restoreConversation(conversation.id);
    expect(await storage.listFacts()).toEqual([{ ...fact, isOn: false }]);
    await storage.deleteConversation(conversation.id, 1_000);
    expect(await storage.purgeExpired(1_000 + MONTH_MS)).toBe(1);
    expect(await storage.listFacts()).toEqual([{ ...fact, isOn: false, source: null }]);
    expect(await storage.check()).toEqual([]);
  });

  it('that were kept survive a kill in the middle of further ones', async () => {
    const folder = temporaryFolder();
    const process = startStorageProcess(folder);
    await process.next();
    const kept = factOf('Lives in Oslo.');
    process.send({ do: 'fact', fact: kept });
    expect(await process.next()).toEqual({ ok: 'put' });
    for (let index = 0; index < 50; index += 1) process.send({ do: 'fact', fact: factOf('Half a') });
    await process.kill();
    const storage = await openHistory(folder);
    const facts = await storage.listFacts();
    expect(facts.find(({ id }) => id === kept.id)).toEqual(kept);
    expect(facts.filter(({ text }) => text !== 'Lives in Oslo.' && text !== 'Half a')).toEqual([]);
    expect(await storage.check()).toEqual([]);
  });

  it.skipIf(!canMount)('a full disk refuses one and keeps those before', async () => {
    const { folder } = smallDisk(800);
    const storage = await openHistory(folder);
    const kept = factOf('Lives in Oslo.');
    await storage.putFact(kept);
    spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=1k', 'count=1000']);
    const refused = factOf('x'.repeat(100_000));
    await expect(storage.putFact(refused)).rejects.toMatchObject({ code: 'storage_disk_full' });
    expect(await storage.listFacts()).toEqual([kept]);
  });
});

describe('the tone of a question', () => {
  const reason = errorInfo('backend_unreachable', { backend: 'Ollama', host: '127.0.0.1:11434' }, 'ECONNREFUSED');
  const source = { ...ollama, skipped: [{ kind: 'ollama' as const, label: 'Ollama', reason }] };
  const emotion = { label: 'joy' as const, confidence: 0.8, source };

  it('comes back with it, by itself and on a path', async () => {
    const storage = await openHistory(temporaryFolder());
    const { question, answer } = await storage.beginTurn(firstTurn());
    await storage.setEmotion(question.id, { ...emotion, label: 'fear' });
    await storage.setEmotion(question.id, emotion);
    expect((await storage.getMessage(question.id)).emotion).toEqual(emotion);
    const path = await storage.getPath(answer.id);
    expect(path.map((message) => message.emotion)).toEqual([emotion, undefined]);
  });

  it('is refused for a message that is not there', async () => {
    const storage = await openHistory(temporaryFolder());
    await expect(storage.setEmotion(newMessageId(), emotion)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes with its conversation', async () => {
    const storage = await openHistory(temporaryFolder());
    const { conversation, question } = await storage.beginTurn(firstTurn());
    await storage.setEmotion(question.id, emotion);
    await storage.deleteConversation(conversation.id, 1_000);
    await storage.purgeExpired(1_000 + MONTH_MS);
    await expect(storage.getMessage(question.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await storage.check()).toEqual([]);
  });
});

it('how many facts the model saw stands with the answer, and nowhere else', async () => {
  const storage = await openHistory(temporaryFolder());
  const { question, answer } = await storage.beginTurn(firstTurn());
  expect(await storage.settle(settlement(answer.id, { factsUsed: 3 }))).toMatchObject({ factsUsed: 3 });
  expect((await storage.getMessage(answer.id)).factsUsed).toBe(3);
  expect(await storage.getMessage(question.id)).not.toHaveProperty('factsUsed');
  expect(await storage.settle(settlement(answer.id))).not.toHaveProperty('factsUsed');
});

describe('the choice of a chat', () => {
  it('is kept from its first question on, changes, and goes back to the settings', async () => {
    const storage = await openHistory(temporaryFolder());
    const choice = { backend: 'ollama', model: 'tiny' };
    const first = firstTurn();
    const { conversation } = await storage.beginTurn({
      ...first,
      newConversation: { ...first.newConversation, choice },
    });
    expect(conversation.choice).toEqual(choice);
    const other = { backend: null, model: 'llama3.2:3b' };
    expect((await storage.chooseConversation(conversation.id, other)).choice).toEqual(other);
    expect((await storage.listConversations({ limit: 1 }))[0]?.choice).toEqual(other);
    await storage.chooseConversation(conversation.id, { backend: null, model: null });
    expect(await storage.getConversation(conversation.id)).not.toHaveProperty('choice');
    await storage.chooseConversation(conversation.id, choice);
    expect(await storage.chooseConversation(conversation.id, null)).not.toHaveProperty('choice');
  });

  it('is kept from an answer only where there is none', async () => {
    const storage = await openHistory(temporaryFolder());
    const { conversation } = await storage.beginTurn(firstTurn());
    const kept = { backend: 'ollama', model: 'tiny' };
    expect((await storage.keepConversationChoice(conversation.id, kept)).choice).toEqual(kept);
    const other = { backend: 'llamacpp', model: null };
    expect((await storage.keepConversationChoice(conversation.id, other)).choice).toEqual(kept);
    await storage.deleteConversation(conversation.id, 1_000);
    await expect(storage.keepConversationChoice(conversation.id, other)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('cannot be made in the bin', async () => {
    const storage = await openHistory(temporaryFolder());
    const { conversation } = await storage.beginTurn(firstTurn());
    await storage.deleteConversation(conversation.id, 1_000);
    await expect(storage.chooseConversation(conversation.id, null)).rejects.toMatchObject({ code: 'not_found' });
  });
});

it('a title is replaced only while it is still the one before', async () => {
  const storage = await openHistory(temporaryFolder());
  const { conversation } = await storage.beginTurn(firstTurn({ title: 'What is a mutex?' }));
  const to = 'Locks between threads';
  expect(await storage.retitleConversation(conversation.id, { from: 'What is', to })).toBeNull();
  expect(await storage.retitleConversation(conversation.id, { from: 'What is a mutex?', to })).toMatchObject({
    title: to,
  });
  expect(await storage.getConversation(conversation.id)).toMatchObject({ title: to });
});
