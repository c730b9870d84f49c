// The events of an answer without what belongs to the model's template: its special tokens, and the marks of its thoughts.
import type { ChatEvent } from '../interface.ts';
import { type AnswerCleaner, type CleanerOptions, type CleanPiece, createAnswerCleaner } from './answer-cleaner.ts';

/**
 * The same events, their text cleaned; a piece of which nothing is left is left out. An engine that tells thoughts by itself
 * is believed: then marks in its text are text. Rejects with what the events reject with, after the text that was held back.
 */
export async function* cleaned(events: AsyncIterable<ChatEvent>, options: CleanerOptions): AsyncIterable<ChatEvent> {
  const answer = createAnswerCleaner(options);
  /** Of the thoughts that the engine tells. */
  let thoughts: AnswerCleaner | null = null;

  function ofEngine(): AnswerCleaner {
    if (thoughts) return thoughts;
    answer.believeEngine();
    thoughts = createAnswerCleaner({ ...options, beginsThinking: false });
    thoughts.believeEngine();
    return thoughts;
  }

  function rest(isWhole: boolean): ChatEvent[] {
    return [...asThoughts(thoughts?.end(isWhole) ?? []), ...answer.end(isWhole)];
  }

  try {
    for await (const event of events) {
      switch (event.type) {
        case 'text':
          yield* answer.push(event.text);
          break;
        case 'thinking':
          yield* asThoughts(ofEngine().push(event.text));
          break;
        case 'done':
          yield* rest(event.reason === 'stop');
          yield event;
          break;
        case 'loading':
        case 'reading':
        case 'tool-call':
          yield event;
          break;
        case 'relabel':
          // Only made here.
          break;
        default:
          event satisfies never;
      }
    }
  } catch (error) {
    // What was held back has come, and must not be lost with the connection.
    yield* rest(false);
    throw error;
  }
}

function asThoughts(pieces: readonly CleanPiece[]): ChatEvent[] {
  return pieces.map((piece) => (piece.type === 'text' ? { ...piece, type: 'thinking' as const } : piece));
}
