// What Hearth makes of a turn in the background, and what it remembers about the user.
import type { Message } from '../../contract/conversations.ts';
import type { EditFactInput, Fact, FactsStatus } from '../../contract/facts.ts';
import type { ConversationId, FactId, MessageId } from '../../contract/ids.ts';
import type { Purpose } from '../../contract/settings.ts';
import type { CardAsking, ContextCard } from './card.ts';

/** Work that nobody waits for. */
export type BackgroundPurpose = Extract<Purpose, 'titles' | 'facts' | 'emotion'>;

/** A turn that has settled. */
export interface SettledTurn {
  /** What the question was for. */
  purpose: Purpose;
  question: Message;
  answer: Message;
  /** The title that the conversation got by itself, if this is its first question; else null. */
  automaticTitle: string | null;
}

/** All calls reject with `not_found` or a storage error. */
export interface Facts {
  status(): FactsStatus;
  onChange(listener: (status: FactsStatus) => void): () => void;
  /** The user's own statement; one that is known in other words or letters is returned as it is. */
  add(text: string): Promise<Fact>;
  edit(input: EditFactInput): Promise<Fact>;
  /** Gone from the list at once, from the disk ten seconds later, until which `undoRemove` brings it back. */
  remove(id: FactId): Promise<void>;
  undoRemove(id: FactId): Promise<Fact>;
  /** What a chat was found to say about the user; what is known already is left out. Returns what was new. */
  learn(texts: readonly string[], source: { conversationId: ConversationId; messageId: MessageId }): Promise<Fact[]>;
  /** The facts that go along with a question: see `cardOf`. Null when there are none or the user wants none used. */
  card(asking: CardAsking): ContextCard | null;
  /** A conversation went to the bin or came back: its facts lose or regain their source. */
  refresh(): Promise<void>;
  /** Removes for good what was removed. Idempotent. */
  close(): Promise<void>;
}

export interface Insights {
  readonly facts: Facts;
  /** Looks at a settled turn later, if the user wants it. Never throws, and waits for nothing. */
  consider(turn: SettledTurn): void;
  /** Called when a conversation or one of its messages changed; returns how to stop listening. */
  onLearned(listener: (id: ConversationId) => void): () => void;
  /** Ends what runs and forgets what waits, within seconds. Idempotent. */
  close(): Promise<void>;
}
