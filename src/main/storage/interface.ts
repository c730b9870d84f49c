// Every call the rest of Hearth may make to its history. One side implements it in the worker, the other calls it.
import type {
  AnswerSource,
  AnswerUsage,
  BinEntry,
  ChatChoice,
  ConversationSummary,
  Emotion,
  InBin,
  KnownSource,
  Message,
  MessageState,
  SourceFilter,
} from '../../contract/conversations.ts';
import type { DownloadId, DownloadState } from '../../contract/downloads.ts';
import type { ErrorInfo } from '../../contract/errors.ts';
import type { Fact } from '../../contract/facts.ts';
import type { ConversationId, FactId, LineId, MessageId } from '../../contract/ids.ts';
import type { InLine } from '../../contract/line.ts';
import type { ModelEngine } from '../../contract/models.ts';

/** A question and the empty answer to it, written in one durable transaction. Ids and times come from the caller. */
export interface NewTurn {
  /** Given when the conversation starts with this turn. */
  newConversation: { id: ConversationId; title: string; choice?: ChatChoice | undefined } | null;
  conversationId: ConversationId;
  question: { id: MessageId; parentId: MessageId | null; text: string };
  answerId: MessageId;
  nowMs: number;
  /** Who asked: `window` or `cli`. */
  client: string;
  /** The message in line that this question is: taken out in the same transaction, `not_found` when it is not there. */
  fromLine?: LineId | undefined;
}

/** A further answer to a question that is already there. */
interface NewAnswer {
  answerId: MessageId;
  /** The question it answers. */
  questionId: MessageId;
  /** What it begins with, of an answer that is carried on. Kept as if it had been written into this one. */
  begins?: AnswerText | undefined;
  nowMs: number;
  client: string;
}

export interface AnswerText {
  thinking: string;
  text: string;
}

/** Text that arrived since the last call, appended. */
export interface JournalEntry {
  messageId: MessageId;
  kind: 'text' | 'thinking';
  text: string;
  /** It stands for all of the answer: what was appended before is dropped. */
  isAnew?: true;
}

export interface Settlement {
  messageId: MessageId;
  state: Exclude<MessageState, 'waiting' | 'streaming'>;
  text: string;
  thinking: string;
  source: AnswerSource | null;
  usage: AnswerUsage | null;
  /** How many facts the model saw with the question; absent when none. */
  factsUsed?: number | undefined;
  error: ErrorInfo | null;
  nowMs: number;
}

export interface StoredTurn {
  conversation: ConversationSummary;
  question: Message;
  answer: Message;
}

/** One file of a model, in bytes. */
export interface DownloadLayer {
  digest: string;
  total: number;
  completed: number;
}

/** A model on its way here, as much of it as has to outlive Hearth. */
export interface StoredDownload {
  id: DownloadId;
  /** As it was asked for. */
  model: string;
  isInsecure: boolean;
  state: DownloadState;
  /** The order in which they run, smallest first. */
  position: number;
  layers: DownloadLayer[];
  /** 0 to 1; never less than what was shown. */
  progress: number;
  problem: ErrorInfo | null;
  createdAtMs: number;
  finishedAtMs: number | null;
}

/** When a model was asked last. `model` is the name in the answer's source: of Ollama as asked, of the built-in engine a file. */
export interface ModelUse {
  engine: ModelEngine;
  model: string;
  lastUsedAtMs: number;
}

export interface StorageFacts {
  path: string;
  sizeBytes: number;
  schemaVersion: number;
  sqliteVersion: string;
  /** These two count what is in the bin too. */
  conversations: number;
  messages: number;
}

/**
 * All calls are asynchronous and durable when they resolve. They reject with a HearthError (`not_found`,
 * `storage_disk_full`, `storage_locked`, `storage_read_only`, `storage_corrupt`, `storage_failed`). An unsettled answer has
 * no parts here yet. What is in the bin counts as not found, except that its messages can be read and settled.
 */
export interface Storage {
  /** The question gets durable together with its empty answer, and the answer becomes the active leaf. */
  beginTurn(turn: NewTurn): Promise<StoredTurn>;
  beginAnswer(answer: NewAnswer): Promise<StoredTurn>;
  /** The answer leaves `waiting`; the source is kept in case Hearth ends before it settles. */
  markStreaming(messageId: MessageId, source: AnswerSource): Promise<void>;
  /** Survives the death of Hearth, a power failure only with the next durable call. Dropped when the answer is settled. */
  appendJournal(entries: JournalEntry[]): Promise<void>;
  /** Writes the whole answer and drops its journal, in one durable transaction. */
  settle(settlement: Settlement): Promise<Message>;

  getMessage(id: MessageId): Promise<Message>;
  /** From the root to the given message, oldest first. */
  getPath(leafId: MessageId): Promise<Message[]>;
  getConversation(id: ConversationId): Promise<ConversationSummary>;
  /** Makes the newest leaf beneath this message the active one; nothing changes where it is on the active path already. */
  showVersion(messageId: MessageId): Promise<ConversationSummary>;
  /** Also one that is in the bin, which then says so. */
  findConversation(id: ConversationId): Promise<ConversationSummary & { bin?: InBin }>;
  /** Newest first; the bin is left out. With `source` only those with an answer from there. */
  listConversations(page: {
    source?: SourceFilter | undefined;
    after?: { updatedAtMs: number; id: ConversationId } | undefined;
    limit: number;
  }): Promise<ConversationSummary[]>;
  /** Who answered in conversations outside the bin, the most used first. */
  knownSources(): Promise<KnownSource[]>;
  /** Whether an engine has ever begun an answer here, also one that is in the bin; the demo is none. */
  hasEngineAnswered(): Promise<boolean>;
  renameConversation(id: ConversationId, title: string): Promise<ConversationSummary>;
  /** Renames one that still has the title `from`; null when it has another one by now. */
  retitleConversation(id: ConversationId, title: { from: string; to: string }): Promise<ConversationSummary | null>;
  /** What it asks from now on; null, or null for both, leaves it to the settings. */
  chooseConversation(id: ConversationId, choice: ChatChoice | null): Promise<ConversationSummary>;
  /** The same where it has no choice yet; one that it has stays. */
  keepConversationChoice(id: ConversationId, choice: ChatChoice): Promise<ConversationSummary>;
  /** Moves to the bin. */
  deleteConversation(id: ConversationId, nowMs: number): Promise<void>;
  restoreConversation(id: ConversationId): Promise<ConversationSummary>;
  /** What is in the bin, deleted last first, and how many there are in all. */
  listBin(page: {
    after?: { deletedAtMs: number; id: ConversationId } | undefined;
    limit: number;
  }): Promise<{ items: BinEntry[]; total: number }>;
  /** Deletes one for good, with all that was in it, and gives its space back. Only of the bin: else `not_found`. */
  purgeConversation(id: ConversationId): Promise<void>;
  /** Deletes for good what went to the bin until then; returns what is gone. */
  purgeBin(deletedUpToMs: number): Promise<ConversationId[]>;
  /** Deletes for good what has been in the bin for longer than 30 days; returns how many conversations went. */
  purgeExpired(nowMs: number): Promise<number>;

  /** The messages in line of a chat, the next one first; also of one in the bin. */
  lineOf(id: ConversationId): Promise<InLine[]>;
  /** @param position of one that is brought back: the place that it had; else it comes behind all others */
  putInLine(message: InLine, position?: number): Promise<void>;
  /** Rejects with `not_found` when it is not in line any more. */
  editInLine(id: LineId, text: string): Promise<InLine>;
  /** Returns the place that it had; null when it was not there. */
  dropFromLine(id: LineId): Promise<number | null>;

  /** Of a message that is there; replaces the one before. */
  setEmotion(messageId: MessageId, emotion: Emotion): Promise<void>;
  /** What is remembered about the user, newest first. One whose chat is gone, or in the bin, has no source. */
  listFacts(): Promise<Fact[]>;
  /** Inserts, or changes the text and the switch of the one with this id. */
  putFact(fact: Fact): Promise<void>;
  /** Nothing happens when there is none. */
  dropFact(id: FactId): Promise<void>;

  /** In the order in which they run. */
  listDownloads(): Promise<StoredDownload[]>;
  /** Inserts or replaces the row of this id. */
  putDownload(download: StoredDownload): Promise<void>;
  /** Nothing happens when there is none. */
  dropDownload(id: DownloadId): Promise<void>;
  /** One entry for each model that ever answered here, in no order. */
  modelUses(): Promise<ModelUse[]>;

  facts(): Promise<StorageFacts>;
  /** `quick_check` of the file: the problems found, empty when it is sound. */
  check(): Promise<string[]>;
  /** Lets the calls before it finish, within five seconds. Can be said twice. */
  close(): Promise<void>;
}
