// Versions: what stands beside a message is told with it, any of it can be shown, and the next question follows what is shown.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageId } from '../../../src/contract/ids.ts';
import type { Storage } from '../../../src/main/storage/index.ts';
import {
  firstTurn,
  newMessageId,
  nextTurn,
  ollama,
  openHistory,
  settlement,
  startStorageProcess,
  temporaryFolder,
} from '../../support/storage.ts';

/** A further answer to a question. */
async function again(storage: Storage, questionId: MessageId, nowMs = 3_000): Promise<MessageId> {
  const answerId = newMessageId();
  await storage.beginAnswer({ answerId, questionId, nowMs, client: 'window' });
  return answerId;
}

const idsOf = (path: readonly { id: MessageId }[]) => path.map(({ id }) => id);

async function shownPath(storage: Storage, turn: { conversationId: Parameters<Storage['getConversation']>[0] }) {
  const { activeLeafId } = await storage.getConversation(turn.conversationId);
  return activeLeafId === null ? [] : idsOf(await storage.getPath(activeLeafId));
}

describe('a message among its versions', () => {
  it('says nothing of them while it is the only one', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    const { question, answer } = await storage.beginTurn(turn);
    expect(question.versions).toBeUndefined();
    expect(answer.versions).toBeUndefined();
  });

  it('tells all of them in the order of creation, whatever the clock said, each with its state', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn({ nowMs: 5_000 });
    await storage.beginTurn(turn);
    await storage.settle(settlement(turn.answerId, { state: 'failed' }));
    const second = await again(storage, turn.question.id, 4_000);
    const third = await again(storage, turn.question.id, 1_000);
    await storage.markStreaming(third, ollama);
    const versions = [
      { id: turn.answerId, state: 'failed' },
      { id: second, state: 'waiting' },
      { id: third, state: 'streaming' },
    ];
    for (const { id } of versions) expect((await storage.getMessage(id)).versions).toEqual(versions);
    const settled = await storage.settle(settlement(third));
    expect(settled.versions?.at(-1)).toEqual({ id: third, state: 'done' });
    expect((await storage.getPath(second)).map((message) => message.versions?.length)).toEqual([undefined, 3]);
  });

  it('tells those of questions too, also of the first one of a chat', async () => {
    const storage = await openHistory(temporaryFolder());
    const first = firstTurn();
    await storage.beginTurn(first);
    const other = firstTurn();
    await storage.beginTurn(other);
    const edited = { ...firstTurn(), newConversation: null, conversationId: first.conversationId };
    await storage.beginTurn(edited);
    const follow = nextTurn(first.conversationId, edited.answerId);
    const followEdited = nextTurn(first.conversationId, edited.answerId);
    await storage.beginTurn(follow);
    await storage.beginTurn(followEdited);
    const path = await storage.getPath(followEdited.answerId);
    expect(path.map(({ versions }) => versions?.map(({ id }) => id))).toEqual([
      [first.question.id, edited.question.id],
      undefined,
      [follow.question.id, followEdited.question.id],
      undefined,
    ]);
    expect((await storage.getMessage(other.question.id)).versions).toBeUndefined();
  });
});

describe('showing a version', () => {
  it('shows its path down to what was written last beneath it, and leaves the chat where it is in the list', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    const follow = nextTurn(turn.conversationId, turn.answerId);
    await storage.beginTurn(follow);
    const followAgain = await again(storage, follow.question.id);
    const second = await again(storage, turn.question.id, 9_000);
    const before = await storage.getConversation(turn.conversationId);
    expect(await storage.showVersion(turn.answerId)).toEqual({ ...before, activeLeafId: followAgain });
    expect(await shownPath(storage, turn)).toEqual([turn.question.id, turn.answerId, follow.question.id, followAgain]);
    expect(await storage.showVersion(second)).toEqual(before);
  });

  it('changes nothing for a message that is on the path already', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    const follow = nextTurn(turn.conversationId, turn.answerId);
    await storage.beginTurn(follow);
    await again(storage, follow.question.id);
    const shown = await storage.showVersion(follow.answerId);
    expect(shown.activeLeafId).toBe(follow.answerId);
    for (const id of [turn.question.id, turn.answerId, follow.answerId])
      expect(await storage.showVersion(id)).toEqual(shown);
  });

  it('is refused for what is not there, and for what is in the bin, where nothing changes', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    await again(storage, turn.question.id);
    await expect(storage.showVersion(newMessageId())).rejects.toMatchObject({ code: 'not_found' });
    await storage.deleteConversation(turn.conversationId, 1);
    await expect(storage.showVersion(turn.answerId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is durable: it outlives a kill right after it', async () => {
    const folder = temporaryFolder();
    const writer = startStorageProcess(folder);
    const turn = firstTurn();
    const answer = { answerId: newMessageId(), questionId: turn.question.id, nowMs: 2, client: 'window' };
    await writer.next();
    writer.send({ do: 'begin', turn });
    await writer.next();
    writer.send({ do: 'again', answer });
    await writer.next();
    writer.send({ do: 'show', messageId: turn.answerId });
    expect(await writer.next()).toEqual({ ok: 'shown' });
    await writer.kill();
    const storage = await openHistory(folder);
    expect((await storage.getConversation(turn.conversationId)).activeLeafId).toBe(turn.answerId);
  });

  it('shows what was written last beneath it, however the tree grew', async () => {
    const storage = await openHistory(temporaryFolder());
    const step = fc.record({ at: fc.nat(), kind: fc.constantFrom('ask', 'again', 'show') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const first = firstTurn();
        await storage.beginTurn(first);
        /** Every answer in the order of creation, with the answers on the way to it. */
        const ways = [[first.answerId]];
        const questionTo = new Map([[first.answerId, first.question.id]]);
        let shown = ways[0]!;
        for (const { at, kind } of steps) {
          const from = ways[at % ways.length]!;
          const id = from.at(-1)!;
          if (kind === 'show') {
            await storage.showVersion(id);
            if (!shown.includes(id)) shown = ways.findLast((way) => way.includes(id))!;
            continue;
          }
          if (kind === 'ask') {
            const next = nextTurn(first.conversationId, shown.at(-1)!);
            await storage.beginTurn(next);
            questionTo.set(next.answerId, next.question.id);
            shown = [...shown, next.answerId];
          } else {
            const answerId = await again(storage, questionTo.get(id)!);
            questionTo.set(answerId, questionTo.get(id)!);
            shown = [...from.slice(0, -1), answerId];
          }
          ways.push(shown);
        }
        expect(await shownPath(storage, first)).toEqual(shown.flatMap((id) => [questionTo.get(id), id]));
      }),
      { numRuns: 40 },
    );
  });
});

it('keeps a thousand versions of one answer, and shows any of them', async () => {
  const storage = await openHistory(temporaryFolder());
  const turn = firstTurn();
  await storage.beginTurn(turn);
  const begun = Array.from({ length: 1_000 }, () => again(storage, turn.question.id));
  const ids = [turn.answerId, ...(await Promise.all(begun))];
  expect((await storage.getMessage(turn.answerId)).versions?.map(({ id }) => id)).toEqual(ids);
  await storage.showVersion(ids[500]!);
  expect(await shownPath(storage, turn)).toEqual([turn.question.id, ids[500]]);
});
