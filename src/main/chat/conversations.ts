// The history as windows list, read, rename and delete it.
import type { ConversationChange, ConversationSummary } from '../../contract/conversations.ts';
import type { Storage } from '../storage/index.ts';
import type { Chat, Conversations } from './interface.ts';

export interface ConversationsOptions {
  storage: Storage;
  chat: Pick<Chat, 'stopConversation' | 'onConversation'>;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export function createConversations({ storage, chat, now = Date.now }: ConversationsOptions): Conversations {
  const listeners = new Set<(change: ConversationChange) => void>();
  const tell = (change: ConversationChange) => {
    for (const listener of listeners) listener(change);
  };
  const changed = (conversation: ConversationSummary) => {
    tell({ type: 'changed', conversation });
    return conversation;
  };
  chat.onConversation(changed);

  return {
    async list({ after, limit }) {
      // One more than asked for tells whether there are more.
      const found = await storage.listConversations({ after, limit: limit + 1 });
      return { items: found.slice(0, limit), hasMore: found.length > limit };
    },
    async get(id) {
      const summary = await storage.getConversation(id);
      const messages = summary.activeLeafId === null ? [] : await storage.getPath(summary.activeLeafId);
      return { ...summary, messages };
    },
    async rename(id, title) {
      return changed(await storage.renameConversation(id, title));
    },
    async delete(id) {
      await storage.deleteConversation(id, now());
      tell({ type: 'deleted', id });
      await chat.stopConversation(id);
    },
    async restore(id) {
      return changed(await storage.restoreConversation(id));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
