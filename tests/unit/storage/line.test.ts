// Messages in line: in order, kept over everything, and never both in line and asked.
import { uuidv7 } from 'uuidv7';
import { expect, it } from 'vitest';
import type { ConversationId, LineId } from '../../../src/contract/ids.ts';
import type { InLine } from '../../../src/contract/line.ts';
import {
  firstTurn,
  newConversationId,
  newMessageId,
  nextTurn,
  openHistory,
  settlement,
  startStorageProcess,
  temporaryFolder,
} from '../../support/storage.ts';

const waiting = (conversationId: ConversationId, text: string, createdAtMs = 1_000): InLine => ({
  id: uuidv7() as LineId,
  conversationId,
  text,
  createdAtMs,
});
const MONTH_MS = 31 * 24 * 60 * 60 * 1_000;

it('keeps the order in which they came, whatever the clock said, and each chat its own', async () => {
  const folder = temporaryFolder();
  const storage = await openHistory(folder);
  const { conversation } = await storage.beginTurn(firstTurn());
  const { conversation: other } = await storage.beginTurn(firstTurn());
  const [late, early] = [waiting(conversation.id, 'late 🔒', 9_000), waiting(conversation.id, 'early', 1)];
  const beside = waiting(other.id, 'beside');
  for (const message of [late, beside, early]) await storage.putInLine(message);
  expect(await storage.lineOf(conversation.id)).toEqual([late, early]);
  await storage.close();
  const again = await openHistory(folder);
  expect(await again.lineOf(conversation.id)).toEqual([late, early]);
  expect(await again.lineOf(other.id)).toEqual([beside]);
  expect(await again.editInLine(late.id, 'later')).toEqual({ ...late, text: 'later' });
  expect(await again.dropFromLine(early.id)).toBe(2);
  expect(await again.dropFromLine(early.id)).toBe(null);
  expect(await again.lineOf(conversation.id)).toEqual([{ ...late, text: 'later' }]);
  await expect(again.editInLine(early.id, 'x')).rejects.toMatchObject({ code: 'not_found' });
});

it('comes back to the place that it had, also before those that came since', async () => {
  const storage = await openHistory(temporaryFolder());
  const { conversation } = await storage.beginTurn(firstTurn());
  const [one, two, three] = ['one', 'two', 'three'].map((text) => waiting(conversation.id, text));
  if (!one || !two || !three) throw new Error('there are three');
  await storage.putInLine(one);
  await storage.putInLine(two);
  const position = await storage.dropFromLine(two.id);
  // Has the place that was free.
  await storage.putInLine(three);
  await storage.putInLine(two, position ?? undefined);
  expect((await storage.lineOf(conversation.id)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

it('leaves the line as its question is written, once', async () => {
  const storage = await openHistory(temporaryFolder());
  const first = await storage.beginTurn(firstTurn());
  const message = waiting(first.conversation.id, 'next');
  await storage.putInLine(message);
  const turn = { ...nextTurn(first.conversation.id, first.answer.id, { text: 'next' }), fromLine: message.id };
  await storage.beginTurn(turn);
  expect(await storage.lineOf(first.conversation.id)).toEqual([]);
  const before = await storage.facts();
  const twice = { ...turn, question: { ...turn.question, id: newMessageId() }, answerId: newMessageId() };
  await expect(storage.beginTurn(twice)).rejects.toMatchObject({ code: 'not_found' });
  expect(await storage.facts()).toEqual(before);
});

it('stays in line when its question is refused', async () => {
  const storage = await openHistory(temporaryFolder());
  const { conversation } = await storage.beginTurn(firstTurn());
  const message = waiting(conversation.id, 'next');
  await storage.putInLine(message);
  const lost = { ...nextTurn(conversation.id, newMessageId()), fromLine: message.id };
  await expect(storage.beginTurn(lost)).rejects.toMatchObject({ code: 'not_found' });
  expect(await storage.lineOf(conversation.id)).toEqual([message]);
});

it('waits in the bin, comes back from it, and goes with it', async () => {
  const storage = await openHistory(temporaryFolder());
  const first = await storage.beginTurn(firstTurn());
  const { id } = first.conversation;
  const message = waiting(id, 'next');
  await storage.putInLine(message);
  await storage.deleteConversation(id, 1_000);
  await expect(storage.putInLine(waiting(id, 'more'))).rejects.toMatchObject({ code: 'not_found' });
  const turn = { ...nextTurn(id, first.answer.id), fromLine: message.id };
  await expect(storage.beginTurn(turn)).rejects.toMatchObject({ code: 'not_found' });
  await storage.restoreConversation(id);
  expect(await storage.lineOf(id)).toEqual([message]);
  await storage.deleteConversation(id, 1_000);
  await storage.purgeExpired(1_000 + MONTH_MS);
  expect(await storage.lineOf(id)).toEqual([]);
  await expect(storage.putInLine(waiting(newConversationId(), 'x'))).rejects.toMatchObject({ code: 'not_found' });
});

it('is whole after a kill -9 as soon as it is taken', { timeout: 30_000 }, async () => {
  const folder = temporaryFolder();
  const turn = firstTurn();
  const messages = ['one', 'two'].map((text) => waiting(turn.conversationId, text));
  const [one, two] = messages;
  const process = startStorageProcess(folder);
  await process.next();
  process.send({ do: 'begin', turn });
  await process.next();
  for (const message of messages) {
    process.send({ do: 'wait', message });
    expect(await process.next()).toEqual({ ok: 'waits' });
  }
  process.send({ do: 'settle', settlement: settlement(turn.answerId) });
  await process.next();
  const next = { ...nextTurn(turn.conversationId, turn.answerId, { text: 'one' }), fromLine: one?.id };
  process.send({ do: 'begin', turn: next });
  expect(await process.next()).toEqual({ ok: 'begun' });
  await process.kill();
  const storage = await openHistory(folder);
  expect(await storage.lineOf(turn.conversationId)).toEqual([two]);
  expect(await storage.getMessage(next.question.id)).toMatchObject({ parts: [{ text: 'one' }] });
});
