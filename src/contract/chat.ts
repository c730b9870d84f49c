// Asking, stopping, and following an answer while it is written.
import { z } from 'zod';
import { AnswerSource, ChatChoice, ConversationSummary, Message } from './conversations.ts';
import { ConversationId, MessageId } from './ids.ts';

export { QUESTION_MAX_CHARS, SEEN_EVERY, SEEN_WINDOW } from './limits.ts';

/** Orders the work of everybody who asks; see queue/. */
export const JobClass = z.enum(['interactive', 'gateway', 'batch']);
export type JobClass = z.infer<typeof JobClass>;

export const SendInput = z.object({
  /** Null starts a new conversation. */
  conversationId: ConversationId.nullable(),
  text: z.string(),
  /** What a new conversation keeps as its own choice. */
  choice: ChatChoice.optional(),
  /** What the question is for; it decides the backend of the settings and the place in the queue. */
  purpose: z.enum(['chat', 'quickAsk', 'gateway']).default('chat'),
  /** Overrides the choice for this answer: a URL as `llamacpp:///models/tiny.gguf`, or the id or name of a backend. */
  backend: z.string().optional(),
  /** Overrides the model of the settings for this answer. */
  model: z.string().optional(),
});
type Sent = z.infer<typeof SendInput>;
/** As it is sent: what has a default may be absent. */
export type SendInput = Omit<Sent, 'purpose'> & Partial<Pick<Sent, 'purpose'>>;

/** Asks again, also elsewhere: backend and model count for the new answer alone, as in `SendInput`. */
export const RetryInput = z.object({ messageId: MessageId, ...SendInput.pick({ backend: true, model: true }).shape });
export type RetryInput = z.infer<typeof RetryInput>;

export const SendResult = z.object({
  conversation: ConversationSummary,
  question: Message,
  answer: Message,
});
export type SendResult = z.infer<typeof SendResult>;

/** When a state began, in milliseconds since 1970: who comes later counts the same seconds. */
const SinceMs = z.number();

/** Where a waiting answer stands. */
export const QueuePlace = z.object({
  /** 1 is next. */
  position: z.number().int(),
  /** Estimated wait in milliseconds from past durations; null while nothing is known. */
  etaMs: z.number().nullable(),
  /**
   * How much of the estimate is left when the answer that runs now ends, in milliseconds: those ahead in the line. However late
   * that one is, the wait is no shorter. Absent for who comes right after it.
   */
  thenMs: z.number().optional(),
  /** How many jobs run right now on the same backend. */
  running: z.number().int(),
  /** The one that has run longest. */
  behind: z
    .object({
      /** Who asked for it: `window`, `cli`, `background`. */
      client: z.string(),
      /** Absent when it belongs to no chat. */
      conversationId: ConversationId.optional(),
      ranForMs: z.number(),
    })
    .optional(),
  /** What the engine is busy with, where that is not writing an answer; absent where it writes, or nothing is known. */
  busyWith: z.enum(['loading', 'reading', 'stopped', 'others', 'limit']).optional(),
  /** What runs takes longer than the answers before it: nothing tells any more when it will be over. */
  isLate: z.literal(true).optional(),
});
export type QueuePlace = z.infer<typeof QueuePlace>;

/**
 * The model is in memory and has not begun to write: it reads what it was sent, which takes a slow computer minutes. An
 * engine says little about it, so most of this is an estimate.
 */
export const Reading = z.object({
  model: z.string(),
  /** About how many tokens were sent. */
  tokens: z.number().int(),
  /** How many of them it has read; null where it does not tell. */
  readTokens: z.number().int().nullable(),
  /** About how long all of it takes, by how fast this model has read before; null before the first time. */
  expectedMs: z.number().nullable(),
  /** It takes longer than expected; the engine is well all the same. */
  isLate: z.boolean(),
  /**
   * What has to end first: a question that was stopped here, what another program asked, or a short wait that the server
   * asked for. Null: nothing known.
   */
  behind: z.enum(['stopped', 'others', 'limit']).nullable(),
});
export type Reading = z.infer<typeof Reading>;

/**
 * What happens to an answer, in order. `seq` counts up by one or more per event: a window that was away attaches again
 * with the last `seq` it saw and misses nothing. A `delta` may carry the text of several tokens.
 */
export const TurnEvent = z.discriminatedUnion('type', [
  /** Everything so far: replaces what the window holds. Sent when no replay from the asked `seq` is possible. */
  z.object({ type: z.literal('snapshot'), seq: z.number().int(), message: Message, place: QueuePlace.nullable() }),
  z.object({ type: z.literal('queued'), seq: z.number().int(), place: QueuePlace }),
  /** A backend has been asked. Comes again with another source when the first one did not answer. */
  z.object({ type: z.literal('started'), seq: z.number().int(), source: AnswerSource, sinceMs: SinceMs }),
  /** The engine reads the model from disk: shown, because it can take minutes. */
  z.object({ type: z.literal('loading'), seq: z.number().int(), model: z.string(), sinceMs: SinceMs }),
  /** The engine reads the prompt. Comes again when more is known of it. */
  Reading.extend({ type: z.literal('reading'), seq: z.number().int(), sinceMs: SinceMs }),
  z.object({
    type: z.literal('delta'),
    seq: z.number().int(),
    thinking: z.string().optional(),
    text: z.string().optional(),
  }),
  /** All the text so far, thought or not, was this: from now on it is shown so. */
  z.object({
    type: z.literal('relabel'),
    seq: z.number().int(),
    as: z.enum(['text', 'thinking']),
    /** So many characters at the beginning stay what they are: an answer that is carried on had them before. */
    kept: z.object({ thinking: z.number().int(), text: z.number().int() }).optional(),
  }),
  /** The last event; the message is as it is stored. */
  z.object({ type: z.literal('settled'), seq: z.number().int(), message: Message }),
]);
export type TurnEvent = z.infer<typeof TurnEvent>;

export const AttachInput = z.object({
  messageId: MessageId,
  /** The last `seq` this window saw; 0 replays from the start. Without it the first event is a snapshot. */
  afterSeq: z.number().int().min(0).optional(),
  /**
   * Names this attachment in `chat.seen`. With it, main keeps at most SEEN_WINDOW unseen events in flight and sends fewer,
   * larger ones to a window that does not keep up or is hidden.
   */
  attachmentId: z.uuid().optional(),
});
export type AttachInput = z.infer<typeof AttachInput>;
