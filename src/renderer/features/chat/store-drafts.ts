// What is typed and not sent, of every conversation: it stays with its chat.
import type { ConversationId } from '../../../contract/ids.ts';
import type { Access, ChatState } from './store-state.ts';

export interface Drafts extends Pick<ChatState, 'setDraft' | 'giveBack'> {
  /** Puts the open conversation's draft away, and takes out and returns that of the one to be shown. */
  swapDraft: (next: ConversationId | null) => string;
}

/** The open conversation's draft is in the store, all others in here. */
export function createDrafts({ get, set }: Access): Drafts {
  /** Drafts of the conversations that are not open; lost with the window. */
  const drafts = new Map<ConversationId | null, string>();

  return {
    setDraft(draft) {
      set({ draft });
    },

    swapDraft(next) {
      const { conversationId, draft } = get();
      drafts.set(conversationId, draft);
      const kept = drafts.get(next) ?? '';
      drafts.delete(next);
      return kept;
    },

    giveBack(id, text) {
      if (get().conversationId === id) set((state) => ({ draft: joined(text, state.draft) }));
      else drafts.set(id, joined(text, drafts.get(id) ?? ''));
    },
  };
}

/** A question that came back, before what was typed since. */
function joined(returned: string, typed: string): string {
  return typed === '' ? returned : `${returned}\n${typed}`;
}
