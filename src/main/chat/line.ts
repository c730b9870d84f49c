// Messages in line: kept on the disk, asked one after the other as the answers before them end.
import type { ConversationId, LineId } from '../../contract/ids.ts';
import { UNDO_MS } from '../../contract/limits.ts';
import type { InLine, LineRef, LineStatus, LineWait } from '../../contract/line.ts';
import type { Log } from '../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../errors/index.ts';
import type { Storage, StoredTurn } from '../storage/index.ts';
import type { Line } from './interface.ts';
import { checkQuestion } from './question.ts';

export interface LineOptions {
  storage: Pick<Storage, 'lineOf' | 'putInLine' | 'editInLine' | 'dropFromLine'>;
  /** Runs work on a chat when the work before it has ended. */
  inOrder: <T>(key: string, work: () => Promise<T>) => Promise<T>;
  /** Whether an answer of this chat is still to come. */
  isBusy: (id: ConversationId) => boolean;
  /** Asks in a chat, behind its newest message; resolves when the question is durable. */
  ask: (id: ConversationId, question: { text: string; client: string; fromLine?: LineId }) => Promise<StoredTurn>;
  log: Pick<Log, 'warn'>;
  now: () => number;
  newId: () => string;
  /** Aborts when nothing is asked any more. */
  signal: AbortSignal;
  /** How long a removed one can be brought back. */
  undoMs?: number;
}

/** The part that the chat needs itself. */
export interface LineLife extends Line {
  /** An answer has ended: what is in line behind it is asked, or waits for the person. */
  settled(id: ConversationId, end: 'answered' | 'failed'): void;
  close(): void;
}

type Pause = Pick<LineStatus, 'problem'> & { waitsFor: Extract<LineWait, 'failed' | 'refused'> };

export function createLine(options: LineOptions): LineLife {
  const { storage, inOrder, isBusy, ask, log, now, newId, signal, undoMs = UNDO_MS } = options;
  /** How the line of each chat is; one that was there before this Hearth began, or whose chat was deleted, has none. */
  const states = new Map<ConversationId, 'goes' | Pause>();
  /** Chats whose first in line is on its way to an engine. */
  const moving = new Set<ConversationId>();
  /** How many windows change a message right now. */
  const held = new Map<LineId, number>();
  /** Not on the disk any more: a kill must not bring back what the person took out. */
  const removed = new Map<LineId, { message: InLine; position: number; timer: NodeJS.Timeout }>();
  const listeners = new Set<(id: ConversationId) => void>();

  function changed(id: ConversationId): void {
    for (const listener of listeners) listener(id);
  }

  /** Nothing is asked meanwhile, so what is found stays in line until `work` is done. */
  function withMessage<T>({ id, conversationId }: LineRef, work: (message: InLine) => Promise<T> | T): Promise<T> {
    return inOrder(conversationId, async () => {
      const message = (await storage.lineOf(conversationId)).find((one) => one.id === id);
      if (message === undefined) throw new HearthError('line_gone');
      return work(message);
    });
  }

  /** Tells of a change, and asks the first in line where nothing keeps it. */
  function goOn(id: ConversationId): void {
    changed(id);
    inOrder(id, () => askFirst(id)).catch((error: unknown) => refuse(id, error));
  }

  function refuse(id: ConversationId, error: unknown): void {
    if (signal.aborted) return;
    const problem = toErrorInfo(error);
    log.warn('A message in line could not be asked', { code: problem.code });
    states.set(id, { waitsFor: 'refused', problem });
    changed(id);
  }

  async function askFirst(id: ConversationId): Promise<void> {
    if (signal.aborted || isBusy(id) || states.get(id) !== 'goes') return;
    const [first] = await storage.lineOf(id);
    if (first === undefined || held.has(first.id)) return;
    moving.add(id);
    try {
      await ask(id, { text: first.text, client: 'window', fromLine: first.id });
    } catch (error) {
      if (toErrorInfo(error).code !== 'not_found') throw error;
      // Its chat is in the bin; if that comes back, the line is there.
      states.delete(id);
    } finally {
      moving.delete(id);
      changed(id);
    }
  }

  return {
    async send({ conversationId: id, text }, client) {
      checkQuestion(text);
      const result = await inOrder(id, async () => {
        const isNext = !isBusy(id) && (await storage.lineOf(id)).length === 0;
        if (isNext) return { type: 'asked' as const, ...(await ask(id, { text, client })) };
        const message: InLine = { id: newId() as LineId, conversationId: id, text, createdAtMs: now() };
        await storage.putInLine(message);
        states.set(id, 'goes');
        return { type: 'inLine' as const, message };
      });
      if (result.type === 'inLine') goOn(id);
      return result;
    },

    async status(id) {
      const messages = await storage.lineOf(id);
      const state = states.get(id);
      const waitsFor = (): LineWait => {
        if (isBusy(id) || moving.has(id)) return 'answer';
        if (state !== 'goes') return state?.waitsFor ?? 'closed';
        return messages[0] !== undefined && held.has(messages[0].id) ? 'edit' : 'answer';
      };
      return { messages, waitsFor: waitsFor(), problem: typeof state === 'object' ? state.problem : null };
    },

    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },

    async hold(ref) {
      const { id, conversationId } = ref;
      await withMessage(ref, () => held.set(id, (held.get(id) ?? 0) + 1));
      changed(conversationId);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const left = (held.get(id) ?? 1) - 1;
        if (left > 0) held.set(id, left);
        else held.delete(id);
        goOn(conversationId);
      };
    },

    async edit(ref, text) {
      checkQuestion(text);
      const edited = await withMessage(ref, ({ id }) => storage.editInLine(id, text));
      changed(ref.conversationId);
      return edited;
    },

    async remove(ref) {
      await withMessage(ref, async (message) => {
        const position = await storage.dropFromLine(message.id);
        const timer = setTimeout(() => removed.delete(message.id), undoMs);
        if (position !== null) removed.set(message.id, { message, position, timer });
      });
      // The next may have waited behind it.
      goOn(ref.conversationId);
    },

    async undoRemove({ id, conversationId }) {
      await inOrder(conversationId, async () => {
        const entry = removed.get(id);
        if (entry === undefined) throw new HearthError('line_gone');
        await storage.putInLine(entry.message, entry.position);
        clearTimeout(entry.timer);
        removed.delete(id);
      });
      goOn(conversationId);
    },

    sendNow(id) {
      states.set(id, 'goes');
      goOn(id);
    },

    settled(id, end) {
      // The last answer of a chat that ends decides.
      if (signal.aborted || isBusy(id)) return;
      states.set(id, end === 'answered' ? 'goes' : { waitsFor: 'failed', problem: null });
      goOn(id);
    },

    close() {
      for (const { timer } of removed.values()) clearTimeout(timer);
    },
  };
}
