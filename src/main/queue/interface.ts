// The order in which answers are written: fair, visible, cancellable at any stage.
import type { QueueStatus } from '../../contract/backends.ts';
import type { JobClass, QueuePlace } from '../../contract/chat.ts';
import type { ConversationId } from '../../contract/ids.ts';

/** What a running job is busy with. */
export interface Work {
  /** Null while it writes its answer, or nothing is known. */
  busyWith: QueuePlace['busyWith'] | null;
  /** How long that is expected to take from now on; null where nothing is known. */
  leftMs: number | null;
}

export interface Job {
  id: string;
  class: JobClass;
  /** Who asks: `window`, `cli`, later a gateway key. */
  client: string;
  /** The chat it belongs to, for those who wait behind it and for who lists the chats; absent when there is none. */
  conversationId?: ConversationId | undefined;
  /** Jobs of one lane share its slots, for example `ollama:127.0.0.1:11434`. */
  lane: string;
  /** How many jobs of this lane may run at once. */
  concurrency: number;
  /**
   * Does the work; its signal aborts when the job is cancelled or the queue stops.
   * @param report tells those who wait what it is busy with
   */
  run(signal: AbortSignal, report: (work: Work) => void): Promise<void>;
  /** Called when the job waits, and whenever its place or estimate changes. Never called for a job that starts at once. */
  onPlace?(place: QueuePlace): void;
}

export interface Ticket {
  /** Resolves when `run` has ended or the job was cancelled while waiting (then with `'cancelled'`); rejects with run's error. */
  readonly done: Promise<'done' | 'cancelled'>;
  /** Takes the job out of the line, or aborts its signal when it runs. */
  cancel(): void;
}

export interface Queue {
  submit(job: Job): Ticket;
  status(): QueueStatus;
  onChange(listener: (status: QueueStatus) => void): () => void;
  /** Cancels everything and waits for what runs to end, at most a few seconds. */
  stop(): Promise<void>;
}
