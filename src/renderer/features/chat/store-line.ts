// The messages in line of the open chat, as main tells of them, and what the person does with them.
import { create } from 'zustand';
import type { ConversationId, LineId } from '../../../contract/ids.ts';
import type { InLine, LineStatus } from '../../../contract/line.ts';
import { UNDO_MS } from '../../../contract/limits.ts';
import { asErrorInfo, getClient, i18n, watch } from '../../lib/index.ts';
import { offerUndo } from '../../ui/index.ts';
import type { Drafts } from './store-drafts.ts';
import type { Access, ChatState } from './store-state.ts';

interface LineState extends LineStatus {
  /** The one that is changed in this window. */
  editing: LineId | null;
  /** Counts the messages that this window put in line, to be told. */
  put: number;
}

const EMPTY_LINE: LineState = { messages: [], waitsFor: 'answer', problem: null, editing: null, put: 0 };

/** The line of the chat on screen; a store of its own, as `useLiveAnswers` is. */
export const useLine = create<LineState>()(() => EMPTY_LINE);

interface OpenChat {
  getState: () => Pick<ChatState, 'conversationId'>;
  subscribe: (listener: (state: Pick<ChatState, 'conversationId'>) => void) => () => void;
}

/** Watches the line of whichever chat is open; returns how to end that. */
export function followLine(chat: OpenChat): () => void {
  let life = new AbortController();
  let open: ConversationId | null = null;
  const follow = ({ conversationId: id }: Pick<ChatState, 'conversationId'>) => {
    if (id === open) return;
    open = id;
    life.abort();
    useLine.setState(EMPTY_LINE, true);
    if (id === null) return;
    life = new AbortController();
    const { signal } = life;
    void watch(
      (options) => getClient().line.watch({ id }, options),
      (status) => useLine.setState(status),
      { signal },
    );
  };
  follow(chat.getState());
  const stopListening = chat.subscribe(follow);
  return () => {
    stopListening();
    life.abort();
  };
}

/** Shown at once; main tells the rest. */
export function showInLine(message: InLine): void {
  useLine.setState(({ messages, put }) => ({
    messages: messages.some(({ id }) => id === message.id) ? messages : [...messages, message],
    put: put + 1,
  }));
}

export function startEditing(id: LineId): void {
  useLine.setState({ editing: id });
}

export function stopEditing(id: LineId): void {
  useLine.setState(({ editing }) => ({ editing: editing === id ? null : editing }));
}

type Lining = Pick<ChatState, 'removeFromLine' | 'changeInLine' | 'sendLineNow'>;

/** What main did not do says so in `trouble`. */
export function createLining({ get, set, giveBack }: Access & Pick<Drafts, 'giveBack'>): Lining {
  const tell = (error: unknown) => set({ trouble: asErrorInfo(error) });

  async function removeFromLine({ id, conversationId }: InLine): Promise<void> {
    const ref = { id, conversationId };
    try {
      await getClient().line.remove(ref);
      offerUndo({
        key: `line:${id}`,
        text: i18n.t('chat:line.removed'),
        several: (count) => i18n.t('chat:line.removedSeveral', { count }),
        lastsMs: UNDO_MS,
        undo: () => void getClient().line.undoRemove(ref).catch(tell),
      });
    } catch (error) {
      tell(error);
    }
  }

  return {
    removeFromLine,

    async changeInLine(message, text) {
      const { id, conversationId } = message;
      if (text === message.text) return true;
      if (text.trim() === '') {
        await removeFromLine(message);
        return true;
      }
      try {
        const changed = await getClient().line.edit({ id, conversationId, text });
        // Before main tells: what was written must not jump back for a moment.
        useLine.setState(({ messages }) => ({ messages: messages.map((one) => (one.id === id ? changed : one)) }));
        return true;
      } catch (error) {
        tell(error);
        if (asErrorInfo(error).code !== 'line_gone') return false;
        giveBack(conversationId, text);
        return true;
      }
    },

    async sendLineNow() {
      const { conversationId: id } = get();
      if (id === null) return;
      set({ trouble: null });
      await getClient().line.sendNow({ id }).catch(tell);
    },
  };
}
