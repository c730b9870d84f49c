// Answers that are being written now. A store of its own, so that a token wakes only the answer it belongs to.
import { create } from 'zustand';
import type { QueuePlace, Reading, TurnEvent } from '../../../contract/chat.ts';
import type { Message, MessagePart } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { textOf, thinkingOf } from './message-text.ts';

export interface LiveAnswer {
  /** With the text so far. */
  message: Message;
  /** Its place in the queue, and when this window heard of it; null once a backend has been asked. */
  place: (QueuePlace & { atMs: number }) | null;
  /** The model that the engine reads from disk, and since when; null when it does not. */
  loading: { model: string; sinceMs: number } | null;
  /** What is known of the reading of the prompt, and since when it lasts; null when the engine does something else. */
  reading: (Reading & { sinceMs: number }) | null;
  /** Since when a backend is asked. */
  askedAtMs: number | null;
  /** When the last word came, or this window began to look at an answer that has words. */
  lastWordAtMs: number | null;
  /** When this window saw the first thought; null when it did not see it. */
  thinkingSinceMs: number | null;
  /** When this window saw the first text; null when it did not see it. */
  writingSinceMs: number | null;
  /** How long the model thought before it wrote, as this window saw it. */
  thoughtMs: number | null;
  isStopping: boolean;
  /** Why this window no longer sees the answer, after all tries. */
  lost: ErrorInfo | null;
}

/** The answers being written, by id. An answer leaves when it is settled. */
export const useLiveAnswers = create<Readonly<Record<MessageId, LiveAnswer>>>(() => ({}));

/** What this window knows of an answer when it starts to follow it. */
export function liveAnswer(message: Message): LiveAnswer {
  return {
    message,
    place: null,
    loading: null,
    reading: null,
    askedAtMs: null,
    lastWordAtMs: null,
    thinkingSinceMs: null,
    writingSinceMs: null,
    thoughtMs: null,
    isStopping: false,
    lost: null,
  };
}

export function setLive(id: MessageId, live: LiveAnswer): void {
  useLiveAnswers.setState({ [id]: live });
}

export function changeLive(id: MessageId, patch: Partial<LiveAnswer>): void {
  const live = useLiveAnswers.getState()[id];
  if (live) setLive(id, { ...live, ...patch });
}

export function dropLive(id: MessageId): void {
  const { [id]: _gone, ...rest } = useLiveAnswers.getState();
  useLiveAnswers.setState(rest, true);
}

/** The answer after these events. Text is appended, never copied, so a frame costs the same however long the answer is. */
export function afterEvents(before: LiveAnswer, events: readonly TurnEvent[], nowMs: number): LiveAnswer {
  return events.reduce((live, event) => afterEvent(live, event, nowMs), before);
}

function afterEvent(live: LiveAnswer, event: TurnEvent, nowMs: number): LiveAnswer {
  switch (event.type) {
    case 'snapshot':
      return {
        ...live,
        ...NO_WAIT,
        message: event.message,
        place: event.place && { ...event.place, atMs: nowMs },
        // Of an answer that waits, the words are those that it began with.
        lastWordAtMs: event.message.state === 'waiting' ? null : nowMs,
        lost: null,
      };
    case 'queued':
      return { ...live, place: { ...event.place, atMs: nowMs } };
    case 'started':
      return {
        ...live,
        ...NO_WAIT,
        askedAtMs: event.sinceMs,
        lastWordAtMs: null,
        message: { ...live.message, state: 'streaming', source: event.source },
      };
    case 'loading':
      return { ...live, ...NO_WAIT, loading: { model: event.model, sinceMs: event.sinceMs } };
    case 'reading':
      return { ...live, ...NO_WAIT, reading: event };
    case 'delta':
      return afterDelta(live, event.thinking ?? '', event.text ?? '', nowMs);
    case 'relabel':
      return afterRelabel(live, event, nowMs);
    case 'settled':
      break;
  }
  return { ...live, ...thoughtOver(live, nowMs), ...NO_WAIT, message: event.message };
}

const NO_WAIT = { place: null, loading: null, reading: null } satisfies Partial<LiveAnswer>;

function afterDelta(live: LiveAnswer, thinking: string, text: string, nowMs: number): LiveAnswer {
  let parts = live.message.parts;
  if (thinking !== '') parts = appended(parts, { type: 'thinking', text: thinking });
  if (text !== '') parts = appended(parts, { type: 'text', text });
  const isFirstThought = thinking !== '' && live.message.parts.length === 0;
  const isFirstText = text !== '' && live.message.parts.length === 0;
  const thought = {
    ...live,
    thinkingSinceMs: isFirstThought ? nowMs : live.thinkingSinceMs,
    writingSinceMs: isFirstText ? nowMs : live.writingSinceMs,
  };
  return {
    ...thought,
    ...(text !== '' && thoughtOver(thought, nowMs)),
    ...NO_WAIT,
    lastWordAtMs: nowMs,
    message: { ...live.message, state: 'streaming', parts },
  };
}

/** All so far was the one or the other; a thought is over then, and a text was none. */
function afterRelabel(
  live: LiveAnswer,
  { as, kept = NOTHING_KEPT }: Extract<TurnEvent, { type: 'relabel' }>,
  nowMs: number,
): LiveAnswer {
  const thinking = thinkingOf(live.message);
  const written = textOf(live.message);
  const come = thinking.slice(kept.thinking) + written.slice(kept.text);
  const before = { thinking: thinking.slice(0, kept.thinking), text: written.slice(0, kept.text) };
  const parts = (['thinking', 'text'] as const)
    .map((type): MessagePart => ({ type, text: before[type] + (type === as ? come : '') }))
    .filter(({ text }) => text !== '');
  const message: Message = { ...live.message, parts };
  if (as === 'text') return { ...live, message, thinkingSinceMs: null, thoughtMs: null };
  return { ...live, message, thoughtMs: live.writingSinceMs === null ? null : nowMs - live.writingSinceMs };
}

const NOTHING_KEPT = { thinking: 0, text: 0 };

function appended(parts: readonly MessagePart[], next: MessagePart): MessagePart[] {
  const last = parts.at(-1);
  if (last?.type !== next.type) return [...parts, next];
  return [...parts.slice(0, -1), { ...last, text: last.text + next.text }];
}

function thoughtOver(live: LiveAnswer, nowMs: number): Pick<LiveAnswer, 'thoughtMs'> {
  if (live.thoughtMs !== null || live.thinkingSinceMs === null) return { thoughtMs: live.thoughtMs };
  return { thoughtMs: nowMs - live.thinkingSinceMs };
}
