import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Storage } from '../../../src/main/storage/index.ts';
import { newConversationId } from '../../support/answers.ts';
import { type ChatScene, openChat, openScratchStorage } from '../../support/chat-scene.ts';

let scratch: Awaited<ReturnType<typeof openScratchStorage>>;
let storage: Storage;
let scene: ChatScene;

beforeEach(async () => {
  scratch = await openScratchStorage();
  storage = scratch.storage;
  scene = openChat(storage);
});
afterEach(async () => {
  await scene.chat.close();
  await scratch.remove();
});

/** A conversation with one answered question. */
async function answered(text: string) {
  const index = scene.backends.runs.length;
  const sent = await scene.ask(text);
  (await scene.run(index)).answer('answer');
  await scene.follow(sent.answer.id).settled();
  return sent;
}

describe('conversations', () => {
  it('are listed newest first, a page at a time', async () => {
    const ids = [];
    for (const text of ['one', 'two', 'three']) ids.unshift((await answered(text)).conversation.id);
    const first = await scene.conversations.list({ limit: 2 });
    expect(first.hasMore).toBe(true);
    const last = first.items.at(-1);
    const rest = await scene.conversations.list({
      limit: 2,
      after: last && { updatedAtMs: last.updatedAtMs, id: last.id },
    });
    expect(rest.hasMore).toBe(false);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids);
    expect((await scene.conversations.list({ limit: 3 })).hasMore).toBe(false);
  });

  it('are read with the messages of their active path', async () => {
    const { conversation, question, answer } = await answered('one');
    const read = await scene.conversations.get(conversation.id);
    expect(read.title).toBe('one');
    expect(read.messages.map(({ id }) => id)).toEqual([question.id, answer.id]);
  });

  it('can be renamed', async () => {
    const { conversation } = await answered('one');
    expect(await scene.conversations.rename(conversation.id, 'Another')).toMatchObject({ title: 'Another' });
    expect(scene.changes.at(-1)).toMatchObject({ type: 'changed', conversation: { title: 'Another' } });
    expect((await scene.conversations.get(conversation.id)).title).toBe('Another');
  });

  it('can be deleted and brought back', async () => {
    const { conversation } = await answered('one');
    await scene.conversations.delete(conversation.id);
    expect(scene.changes.at(-1)).toEqual({ type: 'deleted', id: conversation.id });
    expect((await scene.conversations.list({ limit: 10 })).items).toEqual([]);
    const missing = { code: 'not_found' };
    await expect(scene.ask('more', conversation.id)).rejects.toMatchObject(missing);
    await expect(scene.conversations.rename(conversation.id, 'x')).rejects.toMatchObject(missing);
    await scene.conversations.restore(conversation.id);
    expect(scene.changes.at(-1)).toMatchObject({ type: 'changed', conversation: { id: conversation.id } });
    expect((await scene.conversations.get(conversation.id)).messages).toHaveLength(2);
  });

  it('can be looked into in the bin, and nothing else', async () => {
    const { conversation, answer } = await answered('one');
    await scene.conversations.delete(conversation.id);
    const read = await scene.conversations.get(conversation.id);
    expect(read).toMatchObject({ title: 'one', bin: { deletedAtMs: expect.any(Number) } });
    expect(read.messages).toHaveLength(2);
    const missing = { code: 'not_found' };
    await expect(scene.chat.retry(answer.id, 'window')).rejects.toMatchObject(missing);
    await scene.conversations.restore(conversation.id);
    expect(await scene.conversations.get(conversation.id)).not.toHaveProperty('bin');
  });

  it('are deleted for good only out of the bin, and everybody hears of it', async () => {
    const missing = { code: 'not_found' };
    const [first, second, third] = [await answered('one'), await answered('two'), await answered('three')];
    await expect(scene.conversations.purge(first.conversation.id)).rejects.toMatchObject(missing);
    for (const { conversation } of [first, second, third]) await scene.conversations.delete(conversation.id);
    const { items, hasMore, total } = await scene.conversations.listBin({ limit: 2 });
    expect({ titles: items.map(({ title }) => title), hasMore, total }).toEqual({
      titles: ['three', 'two'],
      hasMore: true,
      total: 3,
    });
    await scene.conversations.purge(second.conversation.id);
    expect(scene.changes.at(-1)).toEqual({ type: 'gone', ids: [second.conversation.id] });
    expect(await scene.conversations.emptyBin(items[0]?.bin.deletedAtMs ?? 0)).toBe(2);
    const last = scene.changes.at(-1);
    expect(last?.type === 'gone' && last.ids.toSorted()).toEqual(
      [first.conversation.id, third.conversation.id].toSorted(),
    );
    expect(await scene.conversations.emptyBin(Date.now())).toBe(0);
    await expect(scene.conversations.restore(first.conversation.id)).rejects.toMatchObject(missing);
    await expect(scene.conversations.get(first.conversation.id)).rejects.toMatchObject(missing);
  });

  it('stop their running answers when they are deleted, and do not come back into the list by that', async () => {
    const { conversation, answer } = await scene.ask('one');
    await scene.ask('two', conversation.id);
    const other = await scene.ask('three');
    await scene.conversations.delete(conversation.id);
    expect(await storage.getMessage(answer.id)).toMatchObject({ state: 'stopped' });
    expect(scene.changes.filter((change) => change.type === 'changed').at(-1)).toMatchObject({
      conversation: { id: other.conversation.id },
    });
    expect(scene.changes.at(-1)).toEqual({ type: 'deleted', id: conversation.id });
    await vi.waitFor(() => expect(scene.queue.status().lanes).toMatchObject([{ running: 1, waiting: 0 }]));
  });

  it('tell when a turn begins and when it settles', async () => {
    const { conversation } = await scene.ask('one');
    expect(scene.changes).toEqual([{ type: 'changed', conversation }]);
    (await scene.run(0)).answer('done');
    await vi.waitFor(() => expect(scene.changes).toHaveLength(2));
    const change = scene.changes[1];
    expect(change).toMatchObject({ type: 'changed', conversation: { id: conversation.id } });
    expect(change?.type === 'changed' && change.conversation.updatedAtMs).toBeGreaterThanOrEqual(
      conversation.updatedAtMs,
    );
  });

  it('that are unknown are not found', async () => {
    const id = newConversationId();
    await expect(scene.conversations.get(id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(scene.conversations.rename(id, 'x')).rejects.toMatchObject({ code: 'not_found' });
    await expect(scene.conversations.delete(id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(scene.conversations.restore(id)).rejects.toMatchObject({ code: 'not_found' });
    expect(scene.changes).toEqual([]);
  });

  it('go on telling others when one listener throws', async () => {
    const told = vi.fn<() => void>();
    scene.chat.onConversation(() => {
      throw new Error('listener');
    });
    scene.chat.onConversation(told);
    await scene.ask('one');
    expect(told).toHaveBeenCalledOnce();
    expect(scene.log.error).toHaveBeenCalledOnce();
  });
});
