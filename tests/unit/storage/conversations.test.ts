// The list of conversations, their titles, and the bin.
import { describe, expect, it } from 'vitest';
import type { ConversationSummary } from '../../../src/contract/conversations.ts';
import { firstTurn, newConversationId, openHistory, settlement, temporaryFolder } from '../../support/storage.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the list', () => {
  it('is empty at first', async () => {
    const storage = await openHistory(temporaryFolder());
    expect(await storage.listConversations({ limit: 10 })).toEqual([]);
  });

  it('comes newest first, in pages that neither repeat nor miss one, also at equal times', async () => {
    const storage = await openHistory(temporaryFolder());
    const turns = Array.from({ length: 25 }, (_, index) =>
      firstTurn({ title: `chat ${index}`, nowMs: 1_000 + Math.floor(index / 4) }),
    );
    for (const turn of turns) await storage.beginTurn(turn);
    const seen: ConversationSummary[] = [];
    for (;;) {
      const last = seen.at(-1);
      const page = await storage.listConversations({
        after: last && { updatedAtMs: last.updatedAtMs, id: last.id },
        limit: 7,
      });
      seen.push(...page);
      if (page.length < 7) break;
    }
    // Later made ids are larger, so the newest of equal times comes first too.
    expect(seen.map((summary) => summary.title)).toEqual(turns.map((_, index) => `chat ${24 - index}`));
  });

  it('moves a conversation up when something is answered in it', async () => {
    const storage = await openHistory(temporaryFolder());
    const [older, newer] = [firstTurn({ nowMs: 1_000 }), firstTurn({ nowMs: 2_000 })];
    await storage.beginTurn(older);
    await storage.beginTurn(newer);
    await storage.settle(settlement(older.answerId, { nowMs: 3_000 }));
    const list = await storage.listConversations({ limit: 10 });
    expect(list.map((summary) => summary.id)).toEqual([older.conversationId, newer.conversationId]);
  });
});

describe('a title', () => {
  it('can be changed without moving the conversation', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn({ nowMs: 1_000 });
    await storage.beginTurn(turn);
    const renamed = await storage.renameConversation(turn.conversationId, "Robert'); DROP TABLE messages; --");
    expect(renamed).toMatchObject({ title: "Robert'); DROP TABLE messages; --", updatedAtMs: 1_000 });
    expect(await storage.getConversation(turn.conversationId)).toEqual(renamed);
  });
});

describe('the bin', () => {
  it('hides a conversation until it is brought back, with everything in it', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    const { conversation } = await storage.beginTurn(turn);
    await storage.deleteConversation(turn.conversationId, 5_000);
    expect(await storage.listConversations({ limit: 10 })).toEqual([]);
    const missing = { code: 'not_found', params: { what: 'chat' } };
    await expect(storage.getConversation(turn.conversationId)).rejects.toMatchObject(missing);
    await expect(storage.renameConversation(turn.conversationId, 'x')).rejects.toMatchObject(missing);
    expect(await storage.restoreConversation(turn.conversationId)).toEqual(conversation);
    expect(await storage.listConversations({ limit: 10 })).toEqual([conversation]);
    expect(await storage.getPath(turn.answerId)).toHaveLength(2);
  });

  it('lets an answer that is still being written settle', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    await storage.deleteConversation(turn.conversationId, 5_000);
    expect(await storage.settle(settlement(turn.answerId))).toMatchObject({ state: 'done' });
    expect(await storage.listConversations({ limit: 10 })).toEqual([]);
  });

  it('keeps for 30 days from the first deletion and not longer', async () => {
    const storage = await openHistory(temporaryFolder());
    const [gone, kept, live] = [firstTurn(), firstTurn(), firstTurn()];
    for (const turn of [gone, kept, live]) await storage.beginTurn(turn);
    await storage.settle(settlement(gone.answerId));
    await storage.deleteConversation(gone.conversationId, 1_000);
    await storage.deleteConversation(gone.conversationId, 50_000);
    await storage.deleteConversation(kept.conversationId, 2_000);
    expect(await storage.purgeExpired(1_000 + 30 * DAY_MS)).toBe(0);
    expect(await storage.purgeExpired(1_001 + 30 * DAY_MS)).toBe(1);
    const missing = { code: 'not_found' };
    await expect(storage.restoreConversation(gone.conversationId)).rejects.toMatchObject(missing);
    await expect(storage.getMessage(gone.answerId)).rejects.toMatchObject(missing);
    expect(await storage.restoreConversation(kept.conversationId)).toMatchObject({ id: kept.conversationId });
    expect(await storage.facts()).toMatchObject({ conversations: 2, messages: 4 });
    expect(await storage.check()).toEqual([]);
  });

  it('knows what was never there, and leaves alone what is not in it', async () => {
    const storage = await openHistory(temporaryFolder());
    const missing = { code: 'not_found', params: { what: 'chat' } };
    await expect(storage.deleteConversation(newConversationId(), 1)).rejects.toMatchObject(missing);
    await expect(storage.restoreConversation(newConversationId())).rejects.toMatchObject(missing);
    await expect(storage.getConversation(newConversationId())).rejects.toMatchObject(missing);
    const turn = firstTurn();
    const { conversation } = await storage.beginTurn(turn);
    expect(await storage.restoreConversation(turn.conversationId)).toEqual(conversation);
  });
});
