// The history as windows list, read, rename and delete it, and its bin.
import type { Conversation, ConversationChange, ConversationSummary } from '../../contract/conversations.ts';
import type { Log } from '../diagnostics/index.ts';
import type { Facts } from '../insights/index.ts';
import type { Storage } from '../storage/index.ts';
import type { Chat, Conversations } from './interface.ts';

export interface ConversationsOptions {
  storage: Storage;
  chat: Pick<Chat, 'stopConversation' | 'onConversation'>;
  /** Told when the source of facts goes to the bin or comes back. */
  facts?: Pick<Facts, 'refresh'>;
  log?: Pick<Log, 'warn'>;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export function createConversations(options: ConversationsOptions): Conversations {
  const { storage, chat, facts, log, now = Date.now } = options;
  const listeners = new Set<(change: ConversationChange) => void>();
  const tell = (change: ConversationChange) => {
    for (const listener of listeners) listener(change);
  };
  const changed = (conversation: ConversationSummary) => {
    tell({ type: 'changed', conversation });
    return conversation;
  };
  chat.onConversation(changed);

  async function withPath(summary: ConversationSummary): Promise<Conversation> {
    const messages = summary.activeLeafId === null ? [] : await storage.getPath(summary.activeLeafId);
    return { ...summary, messages };
  }

  /** Beside the call: where a fact came from is no reason to fail. */
  function refreshFacts(): void {
    facts?.refresh().catch((error: unknown) => log?.warn('The facts could not be read anew', { error }));
  }

  return {
    async list({ after, limit, source }) {
      // One more than asked for tells whether there are more.
      const found = await storage.listConversations({ after, limit: limit + 1, source });
      return { items: found.slice(0, limit), hasMore: found.length > limit };
    },
    async get(id) {
      return withPath(await storage.findConversation(id));
    },
    async showVersion(messageId) {
      return withPath(changed(await storage.showVersion(messageId)));
    },
    async rename(id, title) {
      return changed(await storage.renameConversation(id, title));
    },
    async choose(id, choice) {
      return changed(await storage.chooseConversation(id, choice));
    },
    sources: () => storage.knownSources(),
    async delete(id) {
      await storage.deleteConversation(id, now());
      tell({ type: 'deleted', id });
      refreshFacts();
      await chat.stopConversation(id);
    },
    async restore(id) {
      const restored = changed(await storage.restoreConversation(id));
      refreshFacts();
      return restored;
    },
    async listBin({ after, limit }) {
      const { items, total } = await storage.listBin({ after, limit: limit + 1 });
      return { items: items.slice(0, limit), hasMore: items.length > limit, total };
    },
    async purge(id) {
      await storage.purgeConversation(id);
      tell({ type: 'gone', ids: [id] });
    },
    async emptyBin(deletedUpToMs) {
      const ids = await storage.purgeBin(deletedUpToMs);
      if (ids.length > 0) tell({ type: 'gone', ids });
      return ids.length;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
