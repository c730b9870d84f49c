// A turn from the question to the settled answer, through the real worker and a real file.
import { describe, expect, it } from 'vitest';
import { errorInfo } from '../../../src/main/errors/index.ts';
import {
  firstTurn,
  newConversationId,
  newMessageId,
  nextTurn,
  ollama,
  openHistory,
  settlement,
  temporaryFolder,
} from '../../support/storage.ts';

describe('beginTurn', () => {
  it('keeps the question and an empty answer that waits, and makes the answer the active leaf', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn({ text: 'What is a mutex?', title: 'Mutex', nowMs: 1_234 });
    const begun = await storage.beginTurn(turn);
    expect(begun).toEqual({
      conversation: {
        id: turn.conversationId,
        title: 'Mutex',
        createdAtMs: 1_234,
        updatedAtMs: 1_234,
        activeLeafId: turn.answerId,
      },
      question: {
        id: turn.question.id,
        conversationId: turn.conversationId,
        parentId: null,
        role: 'user',
        state: 'done',
        parts: [{ type: 'text', text: 'What is a mutex?' }],
        createdAtMs: 1_234,
        settledAtMs: 1_234,
        source: null,
        usage: null,
        error: null,
      },
      answer: {
        id: turn.answerId,
        conversationId: turn.conversationId,
        parentId: turn.question.id,
        role: 'assistant',
        state: 'waiting',
        parts: [],
        createdAtMs: 1_234,
        settledAtMs: null,
        source: null,
        usage: null,
        error: null,
      },
    });
    expect(await storage.getMessage(turn.question.id)).toEqual(begun.question);
    expect(await storage.getConversation(turn.conversationId)).toEqual(begun.conversation);
  });

  it('refuses a conversation that is not there, or is in the bin, and keeps nothing', async () => {
    const storage = await openHistory(temporaryFolder());
    const nowhere = nextTurn(newConversationId(), newMessageId());
    await expect(storage.beginTurn(nowhere)).rejects.toMatchObject({ code: 'not_found', params: { what: 'chat' } });
    const first = firstTurn();
    await storage.beginTurn(first);
    await storage.deleteConversation(first.conversationId, 2_000);
    await expect(storage.beginTurn(nextTurn(first.conversationId, first.answerId))).rejects.toMatchObject({
      code: 'not_found',
      params: { what: 'chat' },
    });
    expect(await storage.facts()).toMatchObject({ conversations: 1, messages: 2 });
  });

  it('refuses a parent that is not there or belongs to another conversation', async () => {
    const storage = await openHistory(temporaryFolder());
    const [one, other] = [firstTurn(), firstTurn()];
    await storage.beginTurn(one);
    await storage.beginTurn(other);
    const missing = { code: 'not_found', params: { what: 'message' } };
    await expect(storage.beginTurn(nextTurn(one.conversationId, newMessageId()))).rejects.toMatchObject(missing);
    await expect(storage.beginTurn(nextTurn(one.conversationId, other.answerId))).rejects.toMatchObject(missing);
    expect(await storage.facts()).toMatchObject({ messages: 4 });
    expect(await storage.getConversation(one.conversationId)).toMatchObject({ activeLeafId: one.answerId });
  });

  it('does not start a conversation when its question is refused', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    const refused = { ...turn, question: { ...turn.question, parentId: newMessageId() } };
    await expect(storage.beginTurn(refused)).rejects.toMatchObject({ code: 'not_found' });
    expect(await storage.listConversations({ limit: 10 })).toEqual([]);
  });

  it('refuses an id that is taken and keeps what is there', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn({ text: 'the first' });
    await storage.beginTurn(turn);
    await expect(storage.beginTurn({ ...turn, newConversation: null })).rejects.toMatchObject({
      code: 'storage_failed',
    });
    expect(await storage.getMessage(turn.question.id)).toMatchObject({ parts: [{ type: 'text', text: 'the first' }] });
  });

  it('keeps a question of 5 MB with every kind of character', async () => {
    const folder = temporaryFolder();
    const text = `${'ä€😀\u0000\r\n'.repeat(700_000)}end`;
    expect(Buffer.byteLength(text)).toBeGreaterThan(5_000_000);
    const turn = firstTurn({ text });
    const storage = await openHistory(folder);
    await storage.beginTurn(turn);
    await storage.close();
    const again = await openHistory(folder);
    expect((await again.getMessage(turn.question.id)).parts[0]?.text === text).toBe(true);
  });
});

describe('beginAnswer', () => {
  it('adds an answer beside the first one and shows it', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    await storage.settle(settlement(turn.answerId));
    const answerId = newMessageId();
    const begun = await storage.beginAnswer({ answerId, questionId: turn.question.id, nowMs: 3_000, client: 'cli' });
    expect(begun.conversation).toMatchObject({ activeLeafId: answerId, updatedAtMs: 3_000 });
    expect(begun.question).toMatchObject({ id: turn.question.id, parts: [{ type: 'text' }] });
    expect(begun.answer).toMatchObject({ parentId: turn.question.id, state: 'waiting', parts: [] });
    expect((await storage.getMessage(turn.answerId)).state).toBe('done');
  });

  it('answers only questions that are there', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    const answer = { answerId: newMessageId(), nowMs: 1, client: 'window' };
    const missing = { code: 'not_found', params: { what: 'message' } };
    await expect(storage.beginAnswer({ ...answer, questionId: newMessageId() })).rejects.toMatchObject(missing);
    await expect(storage.beginAnswer({ ...answer, questionId: turn.answerId })).rejects.toMatchObject(missing);
    await storage.deleteConversation(turn.conversationId, 2);
    await expect(storage.beginAnswer({ ...answer, questionId: turn.question.id })).rejects.toMatchObject({
      code: 'not_found',
      params: { what: 'chat' },
    });
  });
});

describe('settle', () => {
  it('writes the thinking, the text, the source and the cost, and moves the conversation up', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    const reason = errorInfo('backend_unreachable', { backend: 'Ollama', host: '127.0.0.1:11434' }, 'ECONNREFUSED');
    const source = { ...ollama, skipped: [{ kind: 'llamacpp' as const, label: 'Built-in engine', reason }] };
    const usage = {
      promptTokens: 26,
      answerTokens: 7,
      loadMs: null,
      firstTokenMs: 12.5,
      answerMs: 40,
      totalMs: 55.25,
    };
    await storage.markStreaming(turn.answerId, ollama);
    expect(await storage.getMessage(turn.answerId)).toMatchObject({ state: 'streaming', source: ollama, parts: [] });
    await storage.appendJournal([{ messageId: turn.answerId, kind: 'text', text: 'A ' }]);
    const settled = await storage.settle(
      settlement(turn.answerId, { thinking: 'Hm.', text: 'A lock.', source, usage, nowMs: 4_000 }),
    );
    expect(settled).toMatchObject({
      state: 'done',
      parts: [
        { type: 'thinking', text: 'Hm.' },
        { type: 'text', text: 'A lock.' },
      ],
      settledAtMs: 4_000,
      source,
      usage,
      error: null,
    });
    expect(await storage.getMessage(turn.answerId)).toEqual(settled);
    expect(await storage.getConversation(turn.conversationId)).toMatchObject({ updatedAtMs: 4_000 });
  });

  it('leaves empty parts out', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    const settled = await storage.settle(settlement(turn.answerId, { state: 'stopped', text: '', source: null }));
    expect(settled).toMatchObject({ state: 'stopped', parts: [], source: null });
  });

  it('keeps an error by code and values and makes its sentence when it is read', async () => {
    const folder = temporaryFolder();
    const turn = firstTurn();
    const storage = await openHistory(folder);
    await storage.beginTurn(turn);
    const error = errorInfo('stream_cut', { backend: 'Ollama' }, 'socket hang up');
    const old = { ...error, message: 'An old wording.' };
    await storage.settle(settlement(turn.answerId, { state: 'failed', text: 'A l', error: old }));
    await storage.close();
    const again = await openHistory(folder);
    expect((await again.getMessage(turn.answerId)).error).toEqual(error);
  });

  it('can be said twice', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    const once = await storage.settle(settlement(turn.answerId, { thinking: 'Hm.' }));
    expect(await storage.settle(settlement(turn.answerId, { thinking: 'Hm.' }))).toEqual(once);
  });

  it('is not undone by what arrives late', async () => {
    const folder = temporaryFolder();
    const turn = firstTurn();
    const storage = await openHistory(folder);
    await storage.beginTurn(turn);
    const settled = await storage.settle(settlement(turn.answerId));
    await storage.markStreaming(turn.answerId, { ...ollama, label: 'Another' });
    await storage.appendJournal([{ messageId: turn.answerId, kind: 'text', text: 'too late' }]);
    await storage.close();
    const again = await openHistory(folder);
    expect(await again.getMessage(turn.answerId)).toEqual(settled);
  });
});

describe('a message that is not there', () => {
  it.each(['markStreaming', 'appendJournal', 'settle', 'getMessage', 'getPath'] as const)(
    '%s says so',
    async (call) => {
      const storage = await openHistory(temporaryFolder());
      const id = newMessageId();
      const attempts = {
        markStreaming: () => storage.markStreaming(id, ollama),
        appendJournal: () => storage.appendJournal([{ messageId: id, kind: 'text', text: 'x' }]),
        settle: () => storage.settle(settlement(id)),
        getMessage: () => storage.getMessage(id),
        getPath: () => storage.getPath(id),
      };
      await expect(attempts[call]()).rejects.toMatchObject({
        name: 'HearthError',
        code: 'not_found',
        params: { what: 'message' },
        message: 'This message is not in the history any more. Nothing was changed.',
      });
    },
  );
});
