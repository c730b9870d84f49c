// A turn: a question, its way through the queue to an engine, and the answer as it is kept.
import type { AttachInput, RetryInput, SendInput, SendResult, TurnEvent } from '../../contract/chat.ts';
import type {
  BinListInput,
  BinPage,
  ChatChoice,
  Conversation,
  ConversationChange,
  ConversationPage,
  ConversationSummary,
  KnownSource,
  ListInput,
  Message,
} from '../../contract/conversations.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { InLine, InOrderInput, InOrderResult, LineRef, LineStatus } from '../../contract/line.ts';

/** The messages that wait for their turn in each chat. All calls reject with `line_gone` for one that is not in line any more. */
export interface Line {
  /** Asks in a chat that is there, or puts the message in line when others come before it. Durable when it resolves. */
  send(input: InOrderInput, client: string): Promise<InOrderResult>;
  status(id: ConversationId): Promise<LineStatus>;
  /** Called when the line of a chat, or what it waits for, may have changed; returns how to stop listening. */
  onChange(listener: (id: ConversationId) => void): () => void;
  /** While somebody changes a message it is not asked, nor is any behind it. Returns how to end that. */
  hold(ref: LineRef): Promise<() => void>;
  edit(ref: LineRef, text: string): Promise<InLine>;
  /** Out of the line at once; `undoRemove` brings it back to its place for ten seconds. */
  remove(ref: LineRef): Promise<void>;
  undoRemove(ref: LineRef): Promise<void>;
  /** The person wants a line that waits for them to go on. */
  sendNow(id: ConversationId): void;
}

export interface Chat {
  readonly line: Line;
  /** Resolves when the question is durable. Rejects with `question_empty`, `question_too_long`, `backend_url_invalid`, `not_found` or a storage error. */
  send(input: SendInput, client: string): Promise<SendResult>;
  /**
   * A new answer beside the given one.
   *
   * @param by whom to ask instead, for this answer alone
   */
  retry(messageId: MessageId, client: string, by?: Pick<RetryInput, 'backend' | 'model'>): Promise<{ answer: Message }>;
  /**
   * A new answer beside the given one that begins with its text and goes on. Rejects with `bad_request` for one that can't be
   * carried on; see `canGoOn`.
   */
  goOn(messageId: MessageId, client: string): Promise<{ answer: Message }>;
  /** Ends an answer at whatever stage it is; what has arrived is kept. Nothing happens when it is settled. */
  stop(messageId: MessageId): Promise<void>;
  /** Ends every running answer of a conversation; resolves when they are settled. */
  stopConversation(id: ConversationId): Promise<void>;
  /** Replay from `afterSeq`, then live, paced; ends after `settled`. Ending the iteration detaches and stops nothing. */
  attach(input: AttachInput, signal: AbortSignal): AsyncIterable<TurnEvent>;
  /** A window tells what it has drawn; see SEEN_WINDOW. */
  seen(attachmentId: string, seq: number): void;
  /** Called when a turn began or settled in a conversation; returns how to stop listening. */
  onConversation(listener: (conversation: ConversationSummary) => void): () => void;
  /** Stops all turns as `interrupted` and waits until they are stored, at most a few seconds. */
  close(): Promise<void>;
}

/** The history as windows list and read it. All calls reject with `not_found` or a storage error. */
export interface Conversations {
  list(input: ListInput): Promise<ConversationPage>;
  /** Also finds what is in the bin. */
  get(id: ConversationId): Promise<Conversation>;
  /** @param title one line, not empty, at most TITLE_MAX_CHARS (the contract checks) */
  rename(id: ConversationId, title: string): Promise<ConversationSummary>;
  /** Which backend and model it asks from its next question on. */
  choose(id: ConversationId, choice: ChatChoice): Promise<ConversationSummary>;
  /** Another version of a message, and what follows it, is shown and carried on from now on. */
  showVersion(messageId: MessageId): Promise<Conversation>;
  /** Who answered here, the most used first. */
  sources(): Promise<KnownSource[]>;
  /** Moves to the bin and ends the answers that are being written in it. */
  delete(id: ConversationId): Promise<void>;
  restore(id: ConversationId): Promise<ConversationSummary>;
  listBin(input: BinListInput): Promise<BinPage>;
  /** Deletes for good, only what is in the bin. */
  purge(id: ConversationId): Promise<void>;
  /** Deletes for good what went to the bin until then; returns how many. */
  emptyBin(deletedUpToMs: number): Promise<number>;
  /** Called at every change by whomever; returns how to stop listening. */
  onChange(listener: (change: ConversationChange) => void): () => void;
}
