import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createJournal, JOURNAL_CHARS, JOURNAL_EVERY_MS } from '../../../src/main/chat/journal.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import type { JournalEntry } from '../../../src/main/storage/index.ts';
import { newMessageId } from '../../support/answers.ts';
import { scriptedSource } from '../../support/scripted-backends.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function scene(begun: Promise<unknown> = Promise.resolve()) {
  const appendJournal = vi.fn<(entries: JournalEntry[]) => Promise<void>>(() => Promise.resolve());
  const markStreaming = vi.fn<() => Promise<void>>(() => Promise.resolve());
  const warn = vi.fn<() => void>();
  const journal = createJournal({
    storage: { appendJournal, markStreaming },
    messageId: newMessageId(),
    begun,
    log: { warn },
  });
  const written = () =>
    appendJournal.mock.calls.map(([entries]) =>
      entries.map(({ kind, text, isAnew }) => `${isAnew ? 'anew ' : ''}${kind}:${text}`).join('|'),
    );
  return {
    journal,
    appendJournal,
    markStreaming,
    warn,
    written,
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}

describe('the journal', () => {
  it('writes what came within a quarter of a second in one row a kind', async () => {
    const { journal, written, pass } = scene();
    journal.add('thinking', 'h');
    journal.add('thinking', 'm');
    journal.add('text', 'a');
    await pass(JOURNAL_EVERY_MS - 1);
    expect(written()).toEqual([]);
    await pass(1);
    journal.add('text', 'b');
    await pass(JOURNAL_EVERY_MS);
    expect(written()).toEqual(['thinking:hm|text:a', 'text:b']);
  });

  it('writes at once when much has come', async () => {
    const { journal, written, pass } = scene();
    journal.add('text', 'x'.repeat(JOURNAL_CHARS));
    await pass(0);
    expect(written()).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has one write under way at a time', async () => {
    const { journal, appendJournal, written, pass } = scene();
    let finish = () => {};
    appendJournal.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    journal.add('text', 'x'.repeat(JOURNAL_CHARS));
    await pass(0);
    journal.add('text', 'y'.repeat(JOURNAL_CHARS));
    await pass(10_000);
    expect(written()).toHaveLength(1);
    finish();
    await pass(JOURNAL_EVERY_MS);
    expect(written()[1]).toBe(`text:${'y'.repeat(JOURNAL_CHARS)}`);
  });

  it('waits for the answer to be on disk', async () => {
    let commit = () => {};
    const begun = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const { journal, written, markStreaming, pass } = scene(begun);
    journal.markStreaming(scriptedSource);
    journal.add('text', 'early');
    await pass(5_000);
    expect(written()).toEqual([]);
    expect(markStreaming).not.toHaveBeenCalled();
    commit();
    await pass(0);
    expect(written()).toEqual(['text:early']);
    expect(markStreaming).toHaveBeenCalledOnce();
  });

  it('keeps what the disk refused, in order, tells once and tries again later', async () => {
    const { journal, appendJournal, warn, written, pass } = scene();
    appendJournal.mockRejectedValueOnce(new HearthError('storage_disk_full', { path: '/x' }));
    appendJournal.mockRejectedValueOnce(new HearthError('storage_disk_full', { path: '/x' }));
    journal.add('text', 'a');
    await pass(JOURNAL_EVERY_MS);
    journal.add('text', 'b');
    await pass(20_000);
    expect(written().map((row) => row.replaceAll(/text:|\|/g, ''))).toEqual(['a', 'ab', 'ab']);
    expect(warn).toHaveBeenCalledOnce();
    journal.add('text', 'c');
    await pass(JOURNAL_EVERY_MS);
    expect(written()[3]).toBe('text:c');
  });

  it('writes all of it anew when it turns out to be something else', async () => {
    const { journal, written, pass } = scene();
    journal.add('text', 'a');
    await pass(JOURNAL_EVERY_MS);
    journal.add('text', 'b');
    journal.relabel({ thinking: 'ab', text: '' });
    journal.add('text', 'c');
    await pass(JOURNAL_EVERY_MS);
    expect(written()).toEqual(['text:a', 'anew thinking:ab|text:c']);
  });

  it('goes on with text after the start could not be noted', async () => {
    const { journal, markStreaming, written, warn, pass } = scene();
    markStreaming.mockRejectedValueOnce(new HearthError('storage_locked', { path: '/x' }));
    journal.markStreaming(scriptedSource);
    await pass(0);
    journal.add('text', 'a');
    await pass(JOURNAL_EVERY_MS);
    expect(written()).toEqual(['text:a']);
    expect(warn).toHaveBeenCalledOnce();
  });

  it('writes nothing after it is closed and leaves no timer', async () => {
    const { journal, written, pass } = scene();
    journal.add('text', 'a');
    journal.close();
    journal.close();
    await pass(10_000);
    expect(written()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
