// What the two sides of the worker's port say to each other: types only, shared by both.
import type {
  AnswerSource,
  BinEntry,
  ConversationSummary,
  Emotion,
  InBin,
  KnownSource,
  Message,
  SkippedBackend,
} from '../../contract/conversations.ts';
import type { ErrorInfo } from '../../contract/errors.ts';
import type { Fact } from '../../contract/facts.ts';
import type { ConversationId } from '../../contract/ids.ts';
import type { InLine } from '../../contract/line.ts';
import type { ModelUse, Storage, StorageFacts, StoredDownload } from './interface.ts';

/** An error as it is stored and sent: its sentence is made by the reader, in today's language. */
export type ErrorRecord = Omit<ErrorInfo, 'message'>;
export type SkippedRecord = Omit<SkippedBackend, 'reason'> & { reason: ErrorRecord };
export type SourceRecord = Omit<AnswerSource, 'skipped'> & { skipped: SkippedRecord[] };
export type EmotionRecord = Omit<Emotion, 'source'> & { source: SourceRecord };
export type MessageRecord = Omit<Message, 'source' | 'error' | 'emotion'> & {
  emotion?: EmotionRecord;
  source: SourceRecord | null;
  error: ErrorRecord | null;
};
export type DownloadRecord = Omit<StoredDownload, 'problem'> & { problem: ErrorRecord | null };
export interface TurnRecord {
  conversation: ConversationSummary;
  question: MessageRecord;
  answer: MessageRecord;
}

/** What each call resolves to on the worker's side of the port. Its arguments are those of `Storage`. */
interface CallResults {
  beginTurn: TurnRecord;
  beginAnswer: TurnRecord;
  markStreaming: void;
  appendJournal: void;
  settle: MessageRecord;
  getMessage: MessageRecord;
  getPath: MessageRecord[];
  getConversation: ConversationSummary;
  showVersion: ConversationSummary;
  findConversation: ConversationSummary & { bin?: InBin };
  listConversations: ConversationSummary[];
  knownSources: KnownSource[];
  hasEngineAnswered: boolean;
  renameConversation: ConversationSummary;
  retitleConversation: ConversationSummary | null;
  chooseConversation: ConversationSummary;
  keepConversationChoice: ConversationSummary;
  deleteConversation: void;
  restoreConversation: ConversationSummary;
  listBin: { items: BinEntry[]; total: number };
  purgeConversation: void;
  purgeBin: ConversationId[];
  purgeExpired: number;
  lineOf: InLine[];
  putInLine: void;
  editInLine: InLine;
  dropFromLine: number | null;
  setEmotion: void;
  listFacts: Fact[];
  putFact: void;
  dropFact: void;
  listDownloads: DownloadRecord[];
  putDownload: void;
  dropDownload: void;
  modelUses: ModelUse[];
  facts: StorageFacts;
  check: string[];
}

export type CallName = keyof CallResults;
export type CallArgs<K extends CallName> = Parameters<Storage[K]>;
export type CallResult<K extends CallName> = CallResults[K];
/** The worker's side: one function for every call. */
export type Calls = { [K in CallName]: (...args: CallArgs<K>) => CallResult<K> };

export interface CallRequest<K extends CallName> {
  type: 'call';
  id: number;
  name: K;
  args: CallArgs<K>;
}
export type Request = CallRequest<CallName> | { type: 'close' };

export type Reply =
  /** The history is open. Comes once, before everything else, or else `refused`. */
  | { type: 'opened' }
  /** The history could not be opened; the worker ends. */
  | { type: 'refused'; error: ErrorRecord }
  | { type: 'result'; id: number; value: CallResult<CallName> }
  | { type: 'failed'; id: number; error: ErrorRecord };

/** What the worker is started with. */
export interface WorkerSettings {
  folder: string;
  /** A build of better-sqlite3 for runtimes that its own binaries do not fit. */
  nativeBinding: string | null;
  /** Another folder of migrations, as a file URL; null takes the one beside the worker. */
  migrationsUrl: string | null;
  /** How long another program's lock on the file is waited for. */
  busyTimeoutMs: number;
  /** The time that interrupted answers are settled with. */
  nowMs: number;
}
