// An answer has an end, whatever the engine does: at the limit of its length, and when it only repeats itself. One that was
// cut says so in its usage, from whichever backend it came.
import type { AnswerCut, AnswerUsage } from '../../../contract/conversations.ts';
import type { ChatEvent, ChatRequest } from '../interface.ts';
import { createRepetitionWatch } from './repetition.ts';

export interface EndingOptions {
  /** What is asked. */
  request: Pick<ChatRequest, 'messages' | 'delivery'>;
  /** How long the answer may be; null: as long as the engine writes. */
  maxTokens: number | null;
}

/** No tokenizer in use makes shorter tokens on average over a text; servers that send single characters send more pieces. */
const CHARS_PER_TOKEN_MIN = 2;
/** An engine that was told the limit ends by itself, and reports what it counted. */
const SPARE_TOKENS = 16;

/**
 * The same events up to the end that the answer should have. An answer that is ended here is left, which stops its engine.
 * To be used on what the engine itself sends: what it repeats may be a special token that nobody gets to see.
 */
export async function* ended(
  events: AsyncIterable<ChatEvent>,
  { request, maxTokens }: EndingOptions,
): AsyncIterable<ChatEvent> {
  const repetition = createRepetitionWatch(request.messages.findLast(({ role }) => role === 'user')?.content ?? '');
  // What comes in one piece has ended already.
  const isStreamed = request.delivery !== 'whole';
  let pieces = 0;
  let chars = 0;
  for await (const event of events) {
    if (event.type === 'done' && event.reason === 'length') {
      yield { ...event, usage: cutByEngine(event.usage) };
      continue;
    }
    yield event;
    if (!isStreamed || (event.type !== 'text' && event.type !== 'thinking')) continue;
    pieces += 1;
    chars += event.text.length;
    if (repetition.push(event.text)) {
      yield cutHere({ why: 'repetition', limitTokens: null });
      return;
    }
    if (maxTokens !== null && Math.min(pieces, chars / CHARS_PER_TOKEN_MIN) > maxTokens + SPARE_TOKENS) {
      yield cutHere({ why: 'length', limitTokens: maxTokens });
      return;
    }
  }
}

/** The engine is left before it could count. */
function cutHere(cut: AnswerCut): ChatEvent {
  const usage = {
    promptTokens: null,
    answerTokens: null,
    loadMs: null,
    firstTokenMs: null,
    answerMs: null,
    totalMs: null,
    cut,
  };
  return { type: 'done', reason: 'length', usage };
}

/** Unless the backend knows better, what was written is as much as was allowed. */
function cutByEngine(usage: AnswerUsage): AnswerUsage {
  return { cut: { why: 'length', limitTokens: usage.answerTokens }, ...usage };
}
