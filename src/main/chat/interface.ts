// A turn: a question, its way through the queue to an engine, and the answer as it is kept.
import type { AttachInput, SendInput, SendResult, TurnEvent } from '../../contract/chat.ts';
import type { Message } from '../../contract/conversations.ts';
import type { MessageId } from '../../contract/ids.ts';

export interface Chat {
  /** Resolves when the question is durable. Rejects with `question_empty`, `question_too_long`, `backend_url_invalid`, `not_found` or a storage error. */
  send(input: SendInput, client: string): Promise<SendResult>;
  /** A new answer beside the given one. */
  retry(messageId: MessageId, client: string): Promise<{ answer: Message }>;
  /** Ends an answer at whatever stage it is; what has arrived is kept. Nothing happens when it is settled. */
  stop(messageId: MessageId): Promise<void>;
  /** Replay from `afterSeq`, then live, paced; ends after `settled`. Ending the iteration detaches and stops nothing. */
  attach(input: AttachInput, signal: AbortSignal): AsyncIterable<TurnEvent>;
  /** A window tells what it has drawn; see SEEN_WINDOW. */
  seen(attachmentId: string, seq: number): void;
  /** Stops all turns as `interrupted` and waits until they are stored. */
  close(): Promise<void>;
}
