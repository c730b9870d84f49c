// Follows one answer while it is written: in order, once each, in one batch a frame, across dropped connections.
import type { AttachInput, TurnEvent } from '../../../contract/chat.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { SEEN_EVERY } from '../../../contract/limits.ts';
import { pause } from '../../lib/pause.ts';
import { createDrawingPace, type Schedule } from './drawing-pace.ts';

/** The two procedures of `chat` that following needs. */
export interface AnswerPort {
  attach(input: AttachInput, options: { signal: AbortSignal }): Promise<AsyncIterable<TurnEvent>>;
  seen(input: { attachmentId: string; seq: number }): Promise<unknown>;
}

export interface FollowInput {
  messageId: MessageId;
  /** Asked again at every attachment, because a dropped connection may have been replaced. */
  port: () => AnswerPort;
  /** Takes what has arrived since the last frame, oldest first; never empty. */
  apply: (events: TurnEvent[]) => void;
  /** Called once when following ends without `settled`: the last error after all tries. */
  onLost: (error: unknown) => void;
  /** True for an error that trying again cannot cure, such as a deleted message. */
  isFinal?: (error: unknown) => boolean;
  schedule?: Schedule;
  /** How long to wait before each further attachment, in ms; after the last one following gives up. */
  retryWaitsMs?: readonly number[];
  attachTimeoutMs?: number;
}

const RETRY_WAITS_MS = [50, 200, 500, 1_000, 2_000, 5_000, 10_000] as const;
const ATTACH_TIMEOUT_MS = 10_000;

/**
 * Follows the answer until it is settled, and returns how to stop following (which does not stop the answer).
 * Every event is applied once: what an attachment repeats is told apart by `seq`.
 */
export function followAnswer(input: FollowInput): () => void {
  const life = new AbortController();
  void follow(input, life.signal);
  return () => life.abort();
}

async function follow(input: FollowInput, signal: AbortSignal): Promise<void> {
  const waits = input.retryWaitsMs ?? RETRY_WAITS_MS;
  const progress: Progress = { afterSeq: undefined, isSettled: false };
  const schedule = input.schedule ?? createDrawingPace();
  let failures = 0;
  while (!signal.aborted) {
    const seqBefore = progress.afterSeq;
    let problem: unknown;
    try {
      await followOnce({ ...input, schedule }, progress, signal);
      problem = new Error('The stream ended before the answer did.');
    } catch (error) {
      problem = error;
    }
    if (signal.aborted || progress.isSettled) return;
    // Whoever moved on has a working connection again, and the full patience.
    if (progress.afterSeq !== seqBefore) failures = 0;
    const waitMs = waits[failures];
    failures += 1;
    if (waitMs === undefined || input.isFinal?.(problem)) return input.onLost(problem);
    await pause(waitMs, signal);
  }
}

interface Progress {
  /** `seq` of the last applied event; undefined before the first. */
  afterSeq: number | undefined;
  isSettled: boolean;
}

/** One attachment, from its start to its end for whatever reason. Everything that arrived is applied when it returns. */
async function followOnce(
  input: FollowInput & { schedule: Schedule },
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { schedule } = input;
  const port = input.port();
  const attachmentId = crypto.randomUUID();
  const attachment = new AbortController();
  const detach = () => attachment.abort();
  signal.addEventListener('abort', detach, { once: true });

  let waiting: TurnEvent[] = [];
  let cancelFlush: (() => void) | undefined;
  let unseen = 0;
  const flush = () => {
    cancelFlush?.();
    cancelFlush = undefined;
    if (signal.aborted) return;
    const batch = takeNew(waiting, progress);
    unseen += waiting.length;
    waiting = [];
    if (batch.length > 0) input.apply(batch);
    if (unseen < SEEN_EVERY || progress.afterSeq === undefined || progress.isSettled) return;
    unseen = 0;
    // Lost with its connection, this word is not missed: the next attachment starts a new count.
    port.seen({ attachmentId, seq: progress.afterSeq }).catch(() => undefined);
  };

  try {
    const events = await within(
      port.attach(
        {
          messageId: input.messageId,
          attachmentId,
          ...(progress.afterSeq !== undefined && { afterSeq: progress.afterSeq }),
        },
        { signal: attachment.signal },
      ),
      input.attachTimeoutMs ?? ATTACH_TIMEOUT_MS,
    );
    for await (const event of events) {
      if (signal.aborted) return;
      waiting.push(event);
      cancelFlush ??= schedule(flush);
      if (isLast(event)) return;
    }
  } finally {
    flush();
    signal.removeEventListener('abort', detach);
    detach();
  }
}

/** Leaves out what was applied before, and keeps the progress. A snapshot stands for everything so far: it always counts. */
function takeNew(events: readonly TurnEvent[], progress: Progress): TurnEvent[] {
  const fresh: TurnEvent[] = [];
  for (const event of events) {
    const isRepeated = progress.afterSeq !== undefined && event.seq <= progress.afterSeq;
    if (isRepeated && event.type !== 'snapshot' && event.type !== 'settled') continue;
    progress.afterSeq = event.seq;
    progress.isSettled ||= isLast(event);
    fresh.push(event);
  }
  return fresh;
}

function isLast(event: TurnEvent): boolean {
  if (event.type === 'settled') return true;
  return event.type === 'snapshot' && event.message.state !== 'waiting' && event.message.state !== 'streaming';
}

async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
