// An answer while it is written: its text so far, where it comes from, how long it took.
import type { AnswerSource, AnswerUsage, Message, MessagePart, MessageState } from '../../contract/conversations.ts';
import type { ErrorInfo } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { AnswerText } from '../storage/index.ts';

export interface DraftStart {
  id: MessageId;
  conversationId: ConversationId;
  /** The question it answers. */
  parentId: MessageId;
  createdAtMs: number;
}

export interface Draft {
  /** The job has left the queue. */
  begin(): void;
  /** A backend is being asked. */
  ask(source: AnswerSource): void;
  add(kind: MessagePart['type'], text: string): void;
  /** All that has come so far was this; what the answer began with stays what it is. */
  relabel(as: MessagePart['type']): void;
  /** The engine says that the answer is whole. */
  finish(usage: AnswerUsage): void;
  isWhole(): boolean;
  /** Whether there is anything of an answer. */
  hasText(): boolean;
  source(): AnswerSource | null;
  /** Joins the pieces that have come so far. */
  text(kind: MessagePart['type']): string;
  /** What the engine reported, completed by what was measured up to now; null while there is neither. */
  usage(): AnswerUsage | null;
  /** The answer as a window shows it: running, or ended in the given way. */
  message(end?: { state: MessageState; error: ErrorInfo | null; settledAtMs: number }): Message;
}

const NOTHING: AnswerText = { thinking: '', text: '' };

/**
 * @param elapsedMs milliseconds of a clock that never goes back
 * @param begins what an answer that is carried on begins with: it is told, but neither counted nor measured
 */
export function createDraft(start: DraftStart, elapsedMs: () => number, begins: AnswerText = NOTHING): Draft {
  // Pieces, joined only when somebody needs the whole: a token costs a push.
  const pieces: Record<MessagePart['type'], string[]> = { thinking: [begins.thinking], text: [begins.text] };
  let source: AnswerSource | null = null;
  let reported: AnswerUsage | null = null;
  let begunMs: number | null = null;
  let askedMs: number | null = null;
  let firstMs: number | null = null;
  let lastMs: number | null = null;

  function text(kind: MessagePart['type']): string {
    if (pieces[kind].length > 1) pieces[kind] = [pieces[kind].join('')];
    return pieces[kind][0] ?? '';
  }

  function usage(): AnswerUsage | null {
    if (reported === null && firstMs === null) return null;
    return {
      promptTokens: reported?.promptTokens ?? null,
      answerTokens: reported?.answerTokens ?? null,
      loadMs: reported?.loadMs ?? null,
      firstTokenMs: reported?.firstTokenMs ?? between(askedMs, firstMs),
      answerMs: reported?.answerMs ?? between(firstMs, lastMs),
      // An answer that was ended took until then, however long ago its last token came.
      totalMs: reported?.totalMs ?? between(begunMs, reported === null ? elapsedMs() : lastMs),
      ...(reported?.wasPromptCut ? { wasPromptCut: true as const } : {}),
      ...(reported?.cut ? { cut: reported.cut } : {}),
      ...(reported?.contextTokens === undefined ? {} : { contextTokens: reported.contextTokens }),
    };
  }

  return {
    begin() {
      begunMs = elapsedMs();
      askedMs = begunMs;
    },
    ask(newSource) {
      source = newSource;
      askedMs = elapsedMs();
    },
    add(kind, piece) {
      lastMs = elapsedMs();
      firstMs ??= lastMs;
      pieces[kind].push(piece);
    },
    relabel(as) {
      const other = as === 'text' ? 'thinking' : 'text';
      const come = (['thinking', 'text'] as const).map((kind) => text(kind).slice(begins[kind].length));
      pieces[as] = [begins[as], ...come];
      pieces[other] = [begins[other]];
    },
    finish(usage) {
      lastMs = elapsedMs();
      reported = usage;
    },
    isWhole: () => reported !== null,
    hasText: () => firstMs !== null || begins.text !== '',
    source: () => source,
    text,
    usage,
    message: (end) => ({
      ...start,
      role: 'assistant',
      state: end?.state ?? (source === null && firstMs === null ? 'waiting' : 'streaming'),
      parts: (['thinking', 'text'] as const)
        .map((type) => ({ type, text: text(type) }))
        .filter((part) => part.text !== ''),
      settledAtMs: end?.settledAtMs ?? null,
      source,
      usage: end === undefined ? null : usage(),
      error: end?.error ?? null,
    }),
  };
}

function between(fromMs: number | null, toMs: number | null): number | null {
  return fromMs === null || toMs === null ? null : Math.round(toMs - fromMs);
}
