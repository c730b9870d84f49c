// Conversations and their messages, as a window or a terminal sees them.
import { z } from 'zod';
import { ErrorInfo } from './errors.ts';
import { BackendId, ConversationId, MessageId } from './ids.ts';

/**
 * `waiting` in the queue, `streaming` while text arrives, then one of the settled states. `interrupted` means that Hearth
 * or the engine ended before the answer did; `stopped` that the user ended it.
 */
export const MessageState = z.enum(['waiting', 'streaming', 'done', 'stopped', 'failed', 'interrupted']);
export type MessageState = z.infer<typeof MessageState>;

export const MessagePart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('thinking'), text: z.string() }),
]);
export type MessagePart = z.infer<typeof MessagePart>;

/** Which kind of engine wrote an answer. */
export const BackendKind = z.enum(['ollama', 'llamacpp', 'mlx', 'openai', 'query', 'demo']);
export type BackendKind = z.infer<typeof BackendKind>;

/** A backend that was tried before the one that answered, and why it did not. */
export const SkippedBackend = z.object({ kind: BackendKind, label: z.string(), reason: ErrorInfo });
export type SkippedBackend = z.infer<typeof SkippedBackend>;

/** Where an answer came from. Kept with the answer for good. */
export const AnswerSource = z.object({
  kind: BackendKind,
  /** The backend as a URL, for example `ollama://llama3.2:3b@127.0.0.1:11434`. */
  url: z.string(),
  /** The backend as the badge names it, for example `Ollama`. */
  label: z.string(),
  model: z.string().nullable(),
  /** `host:port` of a server, null for an engine inside this computer's Hearth. */
  host: z.string().nullable(),
  /** Empty when the first choice answered. */
  skipped: z.array(SkippedBackend),
});
export type AnswerSource = z.infer<typeof AnswerSource>;

/**
 * Why an answer ended before its model was finished: it had reached the limit of its length, the model's memory for one chat
 * was full, or it repeated itself and Hearth stopped it.
 */
export const AnswerCut = z.object({
  why: z.enum(['length', 'context', 'repetition']),
  /** The limit that was reached, in tokens; null where nobody told it. */
  limitTokens: z.number().int().nullable(),
});
export type AnswerCut = z.infer<typeof AnswerCut>;

/** Counts and times as the engine reported them or Hearth measured them; null where neither knows. */
export const AnswerUsage = z.object({
  promptTokens: z.number().int().nullable(),
  answerTokens: z.number().int().nullable(),
  loadMs: z.number().nullable(),
  /** From sending the request to the first token, measured by Hearth. */
  firstTokenMs: z.number().nullable(),
  /** From the first token to the last, measured by the engine where it tells, else by Hearth. */
  answerMs: z.number().nullable(),
  /** From taking the job out of the queue to the end, measured by Hearth. */
  totalMs: z.number().nullable(),
  /** The engine read less than was sent: the model did not see everything. Absent when nothing points to it. */
  wasPromptCut: z.literal(true).optional(),
  /** Absent when the model came to its end by itself. */
  cut: AnswerCut.optional(),
  /** What the model held at once when the prompt was cut, in tokens; absent where the engine does not tell. */
  contextTokens: z.number().int().optional(),
});
export type AnswerUsage = z.infer<typeof AnswerUsage>;

/** The tone of a message, as a model judged it. */
export const Emotion = z.object({
  label: z.enum(['neutral', 'joy', 'sadness', 'anger', 'fear', 'surprise', 'disgust']),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** Who judged it. */
  source: AnswerSource,
});
export type Emotion = z.infer<typeof Emotion>;

/** One of several messages that could stand at a place of a conversation. */
export const MessageVersion = z.object({ id: MessageId, state: MessageState });
export type MessageVersion = z.infer<typeof MessageVersion>;

export const Message = z.object({
  id: MessageId,
  conversationId: ConversationId,
  /** The message this one follows; null at the root of the tree. */
  parentId: MessageId.nullable(),
  role: z.enum(['user', 'assistant']),
  state: MessageState,
  parts: z.array(MessagePart),
  createdAtMs: z.number(),
  settledAtMs: z.number().nullable(),
  /** Only answers have these. */
  source: AnswerSource.nullable(),
  usage: AnswerUsage.nullable(),
  /** Why an answer failed or was interrupted. */
  error: ErrorInfo.nullable(),
  /** Only questions have one, once it was judged. */
  emotion: Emotion.optional(),
  /** How many facts the model saw with the question; absent when none. */
  factsUsed: z.number().int().min(1).optional(),
  /** This one and what else follows the same message, in the order of creation; absent for the only one. */
  versions: z.array(MessageVersion).optional(),
});
export type Message = z.infer<typeof Message>;

/** Which backend and model a chat asks; null leaves it to the settings. */
export const ChatChoice = z.object({ backend: BackendId.nullable(), model: z.string().min(1).max(300).nullable() });
export type ChatChoice = z.infer<typeof ChatChoice>;

export const ConversationSummary = z.object({
  id: ConversationId,
  title: z.string(),
  createdAtMs: z.number(),
  /** Time of the last message; the list is ordered by it. */
  updatedAtMs: z.number(),
  activeLeafId: MessageId.nullable(),
  /** Absent when the chat asks what the settings say. */
  choice: ChatChoice.optional(),
});
export type ConversationSummary = z.infer<typeof ConversationSummary>;

/** Since when a conversation is in the bin, and from when on it is deleted for good, with the next start of Hearth. */
export const InBin = z.object({ deletedAtMs: z.number(), goneAtMs: z.number() });
export type InBin = z.infer<typeof InBin>;

/** A conversation with the messages on the path from its root to its active leaf, oldest first. */
export const Conversation = ConversationSummary.extend({
  messages: z.array(Message),
  /** Only of one that is in the bin: it can be read and brought back, nothing else. */
  bin: InBin.optional(),
});
export type Conversation = z.infer<typeof Conversation>;

export const ConversationChange = z.discriminatedUnion('type', [
  /** Also one that came back from the bin. */
  z.object({ type: z.literal('changed'), conversation: ConversationSummary }),
  /** It went to the bin. */
  z.object({ type: z.literal('deleted'), id: ConversationId }),
  /** They were in the bin and are deleted for good. */
  z.object({ type: z.literal('gone'), ids: z.array(ConversationId) }),
]);
export type ConversationChange = z.infer<typeof ConversationChange>;

export { TITLE_MAX_CHARS } from './limits.ts';

/** Who answered: values that are absent do not matter. */
export const SourceFilter = z.object({
  kind: BackendKind.optional(),
  label: z.string().optional(),
  host: z.string().nullable().optional(),
  model: z.string().nullable().optional(),
});
export type SourceFilter = z.infer<typeof SourceFilter>;

/** A backend and model that answered here. */
export const KnownSource = z.object({
  kind: BackendKind,
  label: z.string(),
  host: z.string().nullable(),
  model: z.string().nullable(),
  /** In how many conversations outside the bin. */
  conversations: z.number().int(),
});
export type KnownSource = z.infer<typeof KnownSource>;

export const ListInput = z.object({
  /** Only conversations with an answer from there. */
  source: SourceFilter.optional(),
  /** Start after this conversation (the last one of the page before). */
  after: z.object({ updatedAtMs: z.number(), id: ConversationId }).optional(),
  limit: z.number().int().min(1).max(500).default(200),
});
export type ListInput = z.infer<typeof ListInput>;

export const ConversationPage = z.object({
  items: z.array(ConversationSummary),
  hasMore: z.boolean(),
});
export type ConversationPage = z.infer<typeof ConversationPage>;

export const BinEntry = ConversationSummary.extend({ bin: InBin });
export type BinEntry = z.infer<typeof BinEntry>;

export const BinListInput = z.object({
  /** Start after this entry (the last one of the page before). */
  after: z.object({ deletedAtMs: z.number(), id: ConversationId }).optional(),
  limit: z.number().int().min(1).max(500).default(200),
});
export type BinListInput = z.infer<typeof BinListInput>;

/** What was deleted last comes first. */
export const BinPage = z.object({
  items: z.array(BinEntry),
  hasMore: z.boolean(),
  /** How many there are in all. */
  total: z.number().int(),
});
export type BinPage = z.infer<typeof BinPage>;
