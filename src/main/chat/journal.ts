// What is kept of an answer while it is written, so that even a killed Hearth has it.
import type { AnswerSource } from '../../contract/conversations.ts';
import type { MessageId } from '../../contract/ids.ts';
import type { Log } from '../diagnostics/index.ts';
import { toErrorInfo } from '../errors/index.ts';
import type { AnswerText, JournalEntry, Storage } from '../storage/index.ts';

/** Text is on disk at the latest this long after it came… */
export const JOURNAL_EVERY_MS = 250;
/** …or when so much of it has come, whichever is first. Characters (UTF-16 units). */
export const JOURNAL_CHARS = 4_096;
/** After a failed write the disk is left alone for a while; the text waits in memory. */
const RETRY_AFTER_MS = 5_000;

export interface JournalOptions {
  storage: Pick<Storage, 'appendJournal' | 'markStreaming'>;
  messageId: MessageId;
  /** Nothing is written before the answer itself is on disk. */
  begun: Promise<unknown>;
  log: Pick<Log, 'warn'>;
}

export interface Journal {
  markStreaming(source: AnswerSource): void;
  /** Costs a push; the disk is never waited for. */
  add(kind: JournalEntry['kind'], text: string): void;
  /** All so far was this: what is on disk is written anew. Rare, so the length of the text does not matter. */
  relabel(all: AnswerText): void;
  /** Writes nothing more: the settled answer holds everything. Idempotent. */
  close(): void;
}

interface Pieces {
  kind: JournalEntry['kind'];
  texts: string[];
  isAnew?: true;
}

export function createJournal({ storage, messageId, begun, log }: JournalOptions): Journal {
  let unwritten: Pieces[] = [];
  let unwrittenChars = 0;
  let timer: NodeJS.Timeout | null = null;
  let isWriting = false;
  let isFailing = false;
  let isClosed = false;

  function dueIn(waitMs: number): void {
    timer ??= setTimeout(() => void write(), waitMs);
  }

  async function write(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (isWriting || isClosed || unwritten.length === 0) return;
    isWriting = true;
    const pieces = unwritten;
    unwritten = [];
    unwrittenChars = 0;
    try {
      await begun;
      if (isClosed) return;
      await storage.appendJournal(pieces.map(({ texts, ...piece }) => ({ messageId, ...piece, text: texts.join('') })));
      isFailing = false;
    } catch (error) {
      unwritten = [...pieces, ...unwritten];
      tell(error);
    } finally {
      isWriting = false;
      if (unwritten.length > 0 && !isClosed) dueIn(isFailing ? RETRY_AFTER_MS : JOURNAL_EVERY_MS);
    }
  }

  /** The first failure of a row is told; the answer is still whole in memory. */
  function tell(error: unknown): void {
    if (!isFailing && !isClosed)
      log.warn('A part of an answer could not be journaled', { code: toErrorInfo(error).code });
    isFailing = true;
  }

  function writeSoon(): void {
    if (isWriting || isFailing) return;
    if (unwrittenChars >= JOURNAL_CHARS) void write();
    else dueIn(JOURNAL_EVERY_MS);
  }

  return {
    markStreaming(source) {
      void (async () => {
        try {
          await begun;
          if (!isClosed) await storage.markStreaming(messageId, source);
        } catch (error) {
          if (!isClosed) log.warn('The start of an answer could not be noted', { code: toErrorInfo(error).code });
        }
      })();
    },
    add(kind, text) {
      const last = unwritten.at(-1);
      if (last?.kind === kind) last.texts.push(text);
      else unwritten.push({ kind, texts: [text] });
      unwrittenChars += text.length;
      writeSoon();
    },
    relabel(all) {
      const kinds = (['thinking', 'text'] as const).filter((kind) => all[kind] !== '');
      unwritten = kinds.map((kind, at) => ({ kind, texts: [all[kind]], ...(at === 0 ? { isAnew: true } : {}) }));
      unwrittenChars = all.thinking.length + all.text.length;
      writeSoon();
    },
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
