// Hearth dies in the middle of an answer: what had arrived is there when it starts again.
import { expect, it } from 'vitest';
import { errorInfo } from '../../../src/main/errors/index.ts';
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

const interrupted = errorInfo('interrupted');

it('kill -9 in the middle of an answer loses nothing that was acknowledged', { timeout: 30_000 }, async () => {
  const folder = temporaryFolder();
  const turns = [firstTurn({ text: 'first' }), firstTurn({ text: 'second' }), firstTurn({ text: 'third' })];
  const acknowledged: number[] = [];
  for (const turn of turns) {
    const process = startStorageProcess(folder);
    expect(await process.next()).toEqual({ ok: 'open' });
    process.send({ do: 'begin', turn });
    expect(await process.next()).toEqual({ ok: 'begun' });
    process.send({ do: 'journal-forever', messageId: turn.answerId });
    let report = await process.next();
    while ('ok' in report && Number(report.ok) < 300) report = await process.next();
    await process.kill();
    acknowledged.push('ok' in report ? Number(report.ok) : 0);
  }
  expect(acknowledged).toEqual([300, 300, 300]);

  const storage = await openHistory(folder);
  expect(await storage.check()).toEqual([]);
  for (const turn of turns) {
    expect(await storage.getMessage(turn.question.id)).toMatchObject({
      state: 'done',
      parts: [{ type: 'text', text: turn.question.text }],
    });
    const answer = await storage.getMessage(turn.answerId);
    expect(answer).toMatchObject({ state: 'interrupted', error: interrupted, settledAtMs: expect.any(Number) });
    expect(answer.parts).toHaveLength(1);
    // Further pieces may have been kept before the kill: then whole ones, in order, without a gap.
    const numbers = (answer.parts[0]?.text.match(/\[\d+\]/g) ?? []).map((piece) => Number(piece.slice(1, -1)));
    expect(numbers.length).toBeGreaterThanOrEqual(300);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(answer.parts[0]?.text).toBe(numbers.map((number) => `[${number}]`).join(''));
  }
});

it('keeps source, thinking and text of an interrupted answer, and the order of the list', async () => {
  const folder = temporaryFolder();
  const turn = firstTurn({ nowMs: 1_000 });
  const messageId = turn.answerId;
  const first = await openHistory(folder);
  await first.beginTurn(turn);
  const reason = errorInfo('backend_unreachable', { backend: 'Ollama', host: 'localhost' });
  const source = { ...ollama, skipped: [{ kind: 'ollama' as const, label: 'Ollama', reason }] };
  await first.markStreaming(messageId, source);
  await first.appendJournal([
    { messageId, kind: 'thinking', text: 'Let me ' },
    { messageId, kind: 'thinking', text: 'see.' },
    { messageId, kind: 'text', text: 'A smile: \ud83d' },
  ]);
  // The halves of one character in two pieces.
  await first.appendJournal([{ messageId, kind: 'text', text: '\ude00!' }]);
  // Closing settles nothing: an answer nobody settled is found at the next start.
  await first.close();

  const again = await openHistory(folder);
  const answer = await again.getMessage(messageId);
  expect(answer).toMatchObject({
    state: 'interrupted',
    source,
    error: interrupted,
    parts: [
      { type: 'thinking', text: 'Let me see.' },
      { type: 'text', text: 'A smile: 😀!' },
    ],
  });
  expect(await again.getConversation(turn.conversationId)).toMatchObject({
    updatedAtMs: 1_000,
    activeLeafId: messageId,
  });
  await again.close();
  const third = await openHistory(folder);
  expect(await third.getMessage(messageId)).toEqual(answer);
});

it('an answer without a single character is interrupted too, and can be followed by another', async () => {
  const folder = temporaryFolder();
  const turn = firstTurn();
  const first = await openHistory(folder);
  await first.beginTurn(turn);
  await first.close();
  const again = await openHistory(folder);
  expect(await again.getMessage(turn.answerId)).toMatchObject({ state: 'interrupted', parts: [], error: interrupted });
  const answerId = newMessageId();
  await again.beginAnswer({ answerId, questionId: turn.question.id, nowMs: 5_000, client: 'window' });
  expect(await again.settle(settlement(answerId))).toMatchObject({ state: 'done' });
});

it('an answer that is carried on has what it begins with, and what came', async () => {
  const folder = temporaryFolder();
  const turn = firstTurn();
  const first = await openHistory(folder);
  await first.beginTurn(turn);
  await first.settle(settlement(turn.answerId, { state: 'stopped', text: 'The sea' }));
  const answerId = newMessageId();
  const begins = { thinking: 'Salt.', text: 'The sea' };
  await first.beginAnswer({ answerId, questionId: turn.question.id, begins, nowMs: 5_000, client: 'window' });
  await first.appendJournal([{ messageId: answerId, kind: 'text', text: ' is deep' }]);
  await first.close();
  const again = await openHistory(folder);
  expect(await again.getMessage(answerId)).toMatchObject({
    state: 'interrupted',
    parts: [
      { type: 'thinking', text: 'Salt.' },
      { type: 'text', text: 'The sea is deep' },
    ],
  });
  expect(await again.getMessage(turn.answerId)).toMatchObject({ parts: [{ type: 'text', text: 'The sea' }] });
});

it('leaves settled answers as they are', async () => {
  const folder = temporaryFolder();
  const turn = firstTurn();
  const first = await openHistory(folder);
  await first.beginTurn(turn);
  const settled = await first.settle(settlement(turn.answerId, { state: 'stopped' }));
  const next = nextTurn(turn.conversationId, turn.answerId);
  await first.beginTurn(next);
  await first.close();
  const again = await openHistory(folder);
  expect(await again.getMessage(turn.answerId)).toEqual(settled);
  expect((await again.getMessage(next.answerId)).state).toBe('interrupted');
});
