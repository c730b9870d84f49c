// The bin: what is in it, and that nothing is left of what was deleted for good.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BinEntry } from '../../../src/contract/conversations.ts';
import type { FactId } from '../../../src/contract/ids.ts';
import type { Storage } from '../../../src/main/storage/index.ts';
import {
  firstTurn,
  newConversationId,
  nextTurn,
  ollama,
  openHistory,
  settlement,
  temporaryFolder,
} from '../../support/storage.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MISSING = { code: 'not_found', params: { what: 'chat' } };

/** A chat with one answered question, in the bin. */
async function binned(storage: Storage, deletedAtMs: number, text = 'A lock.', title = 'A chat') {
  const turn = firstTurn({ title });
  await storage.beginTurn(turn);
  await storage.settle(settlement(turn.answerId, { text }));
  await storage.deleteConversation(turn.conversationId, deletedAtMs);
  return turn;
}

describe('the list of the bin', () => {
  it('has what was deleted last first, in pages that neither repeat nor miss one, also at equal times', async () => {
    const storage = await openHistory(temporaryFolder());
    await storage.beginTurn(firstTurn({ title: 'not deleted' }));
    for (let at = 0; at < 25; at += 1) await binned(storage, 1_000 + Math.floor(at / 4), '', `chat ${at}`);
    const seen: BinEntry[] = [];
    for (;;) {
      const last = seen.at(-1);
      const after = last && { deletedAtMs: last.bin.deletedAtMs, id: last.id };
      const { items, total } = await storage.listBin({ after, limit: 7 });
      expect(total).toBe(25);
      seen.push(...items);
      if (items.length < 7) break;
    }
    expect(seen.map(({ title }) => title)).toEqual(Array.from({ length: 25 }, (_, at) => `chat ${24 - at}`));
  });

  it('says from when on each is gone: 30 days after its deletion', async () => {
    const storage = await openHistory(temporaryFolder());
    const { conversationId } = await binned(storage, 5_000);
    const bin = { deletedAtMs: 5_000, goneAtMs: 5_000 + 30 * DAY_MS };
    expect((await storage.listBin({ limit: 10 })).items).toMatchObject([{ id: conversationId, bin }]);
    expect(await storage.findConversation(conversationId)).toMatchObject({ id: conversationId, bin });
    await storage.restoreConversation(conversationId);
    expect(await storage.findConversation(conversationId)).not.toHaveProperty('bin');
    expect(await storage.listBin({ limit: 10 })).toEqual({ items: [], total: 0 });
  });
});

describe('deleted for good', () => {
  it('reaches only what is in the bin', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    await expect(storage.purgeConversation(turn.conversationId)).rejects.toMatchObject(MISSING);
    await expect(storage.purgeConversation(newConversationId())).rejects.toMatchObject(MISSING);
    expect(await storage.purgeBin(Number.MAX_SAFE_INTEGER)).toEqual([]);
    expect(await storage.getPath(turn.answerId)).toHaveLength(2);
  });

  it('empties the bin up to a moment: what came since stays', async () => {
    const storage = await openHistory(temporaryFolder());
    const [first, second, later] = [
      await binned(storage, 1_000),
      await binned(storage, 2_000),
      await binned(storage, 2_001),
    ];
    const gone = await storage.purgeBin(2_000);
    expect(gone.toSorted()).toEqual([first.conversationId, second.conversationId].toSorted());
    expect((await storage.listBin({ limit: 10 })).items).toMatchObject([{ id: later.conversationId }]);
  });

  it('takes messages, texts, sources and tones along and leaves facts, which outlive their chat', async () => {
    const storage = await openHistory(temporaryFolder());
    const turn = firstTurn();
    await storage.beginTurn(turn);
    await storage.settle(settlement(turn.answerId));
    const more = nextTurn(turn.conversationId, turn.answerId);
    await storage.beginTurn(more);
    await storage.markStreaming(more.answerId, ollama);
    await storage.appendJournal([{ messageId: more.answerId, kind: 'text', text: 'half of it' }]);
    await storage.setEmotion(turn.question.id, { label: 'joy', confidence: 0.9, source: ollama });
    await storage.putFact({
      id: turn.question.id as string as FactId,
      text: 'Likes locks.',
      isOn: true,
      createdAtMs: 1,
      source: { conversationId: turn.conversationId, messageId: turn.question.id },
    });
    await storage.deleteConversation(turn.conversationId, 5_000);
    await storage.purgeConversation(turn.conversationId);

    await expect(storage.restoreConversation(turn.conversationId)).rejects.toMatchObject(MISSING);
    await expect(storage.findConversation(turn.conversationId)).rejects.toMatchObject(MISSING);
    await expect(storage.getMessage(turn.question.id)).rejects.toMatchObject({ code: 'not_found' });
    // The answer that was being written can't bring it back.
    await expect(storage.settle(settlement(more.answerId))).rejects.toMatchObject({ code: 'not_found' });
    expect(await storage.facts()).toMatchObject({ conversations: 0, messages: 0 });
    expect(await storage.knownSources()).toEqual([]);
    expect(await storage.listFacts()).toMatchObject([{ text: 'Likes locks.', source: null }]);
    expect(await storage.check()).toEqual([]);
  });

  it('leaves no word of it in the files, neither of its text nor of its journal', async () => {
    const folder = temporaryFolder();
    const storage = await openHistory(folder);
    const kept = firstTurn({ text: 'KEPT-QUESTION' });
    await storage.beginTurn(kept);
    const turn = firstTurn({ text: 'SECRET-QUESTION', title: 'SECRET-TITLE' });
    await storage.beginTurn(turn);
    await storage.appendJournal([{ messageId: turn.answerId, kind: 'text', text: 'SECRET-PIECE' }]);
    await storage.settle(settlement(turn.answerId, { text: 'SECRET-ANSWER '.repeat(2_000) }));
    await storage.deleteConversation(turn.conversationId, 5_000);
    expect(isIn(folder, 'SECRET-ANSWER')).toBe(true);
    await storage.purgeConversation(turn.conversationId);
    for (const word of ['SECRET-QUESTION', 'SECRET-TITLE', 'SECRET-PIECE', 'SECRET-ANSWER'])
      expect(isIn(folder, word)).toBe(false);
    expect(isIn(folder, 'KEPT-QUESTION')).toBe(true);
  });

  it('gives the disk its room back where it is worth it', async () => {
    const folder = temporaryFolder();
    const storage = await openHistory(folder);
    const live = firstTurn();
    await storage.beginTurn(live);
    await storage.settle(settlement(live.answerId, { text: 'x'.repeat(500_000) }));
    await binned(storage, 5_000, 'y'.repeat(4_000_000));
    await storage.purgeBin(5_000);
    expect(sizeOf(folder)).toBeLessThan(700_000);
    expect(await storage.getMessage(live.answerId)).toMatchObject({ parts: [{ text: 'x'.repeat(500_000) }] });
    expect(await storage.check()).toEqual([]);
  });
});

const FILES = ['history.sqlite', 'history.sqlite-wal'];

/** Whether a word stands in the files of the history, as text or as the journal writes it. */
function isIn(folder: string, word: string): boolean {
  return FILES.some((name) => {
    const bytes = readFileSync(join(folder, name));
    return bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le'));
  });
}

function sizeOf(folder: string): number {
  return FILES.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
