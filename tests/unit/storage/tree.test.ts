// Messages form a tree: the path to any of them is the chain of its parents, however the tree grew.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MessageId } from '../../../src/contract/ids.ts';
import { firstTurn, newMessageId, nextTurn, openHistory, settlement, temporaryFolder } from '../../support/storage.ts';

it('the path of any message is the chain of its parents', async () => {
  const storage = await openHistory(temporaryFolder());
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(), isRetry: fc.boolean(), hasThinking: fc.boolean() }), { maxLength: 12 }),
      async (steps) => {
        const first = firstTurn();
        await storage.beginTurn(first);
        const parentOf = new Map<MessageId, MessageId | null>([
          [first.question.id, null],
          [first.answerId, first.question.id],
        ]);
        const turns = [{ questionId: first.question.id, answerId: first.answerId }];
        for (const { at, isRetry, hasThinking } of steps) {
          const from = turns[at % turns.length] ?? turns[0];
          if (!from) throw new Error('unreachable: there is always a first turn');
          const next = nextTurn(first.conversationId, from.answerId);
          if (isRetry) {
            const answerId = newMessageId();
            await storage.beginAnswer({ answerId, questionId: from.questionId, nowMs: 1, client: 'window' });
            parentOf.set(answerId, from.questionId);
            turns.push({ questionId: from.questionId, answerId });
          } else {
            await storage.beginTurn(next);
            parentOf.set(next.question.id, from.answerId).set(next.answerId, next.question.id);
            turns.push({ questionId: next.question.id, answerId: next.answerId });
          }
          const newest = turns.at(-1)?.answerId ?? first.answerId;
          await storage.settle(settlement(newest, { text: `to ${newest}`, thinking: hasThinking ? 'Hm.' : '' }));
        }
        for (const leaf of parentOf.keys()) {
          const chain: MessageId[] = [];
          for (let id: MessageId | null = leaf; id; id = parentOf.get(id) ?? null) chain.unshift(id);
          const path = await storage.getPath(leaf);
          expect(path.map((message) => message.id)).toEqual(chain);
          expect(path.at(-1)).toEqual(await storage.getMessage(leaf));
        }
      },
    ),
    { numRuns: 25 },
  );
});

it('a second root in a conversation is a path of its own', async () => {
  const storage = await openHistory(temporaryFolder());
  const first = firstTurn({ text: 'first' });
  await storage.beginTurn(first);
  const edited = { ...firstTurn({ text: 'edited' }), newConversation: null, conversationId: first.conversationId };
  await storage.beginTurn(edited);
  expect((await storage.getPath(edited.answerId)).map((message) => message.id)).toEqual([
    edited.question.id,
    edited.answerId,
  ]);
  expect((await storage.getConversation(first.conversationId)).activeLeafId).toBe(edited.answerId);
});

it('reads and deletes a path of 10,000 messages', async () => {
  const storage = await openHistory(temporaryFolder());
  const first = firstTurn();
  const begun = [storage.beginTurn(first)];
  let leaf = first.answerId;
  for (let count = 1; count < 5_000; count += 1) {
    const turn = nextTurn(first.conversationId, leaf);
    begun.push(storage.beginTurn(turn));
    leaf = turn.answerId;
  }
  await Promise.all(begun);
  const path = await storage.getPath(leaf);
  expect(path).toHaveLength(10_000);
  expect(path.slice(1).every((message, index) => message.parentId === path[index]?.id)).toBe(true);
  // Cascades along the tree would end at a depth of 1,000.
  await storage.deleteConversation(first.conversationId, 0);
  expect(await storage.purgeExpired(Number.MAX_SAFE_INTEGER)).toBe(1);
  expect(await storage.facts()).toMatchObject({ conversations: 0, messages: 0 });
});
