// The events of an answer without what belongs to the model's template: its special tokens, and the marks of its thoughts.
import type { ChatEvent } from '../interface.ts';
import type { KnownFamily } from '../families/families.ts';
import { createTokenCleaner } from './special-tokens.ts';
import { createThinkingSplitter } from './thinking.ts';

/**
 * The same events, their text cleaned; a piece of which nothing is left is left out. An engine that tells thoughts by itself
 * is believed: then marks in its text are text. Rejects with what the events reject with, after the text that was held back.
 */
export async function* cleaned(
  events: AsyncIterable<ChatEvent>,
  { specialTokens, thinking }: Pick<KnownFamily, 'specialTokens' | 'thinking'>,
): AsyncIterable<ChatEvent> {
  const texts = createTokenCleaner(specialTokens);
  const thoughts = createTokenCleaner(specialTokens);
  let splitter = thinking && createThinkingSplitter(thinking);

  function* say(type: 'text' | 'thinking', text: string): Iterable<ChatEvent> {
    if (text !== '') yield { type, text };
  }

  function* push(piece: string): Iterable<ChatEvent> {
    const split = splitter ? splitter.push(piece) : { thinking: '', text: piece };
    yield* say('thinking', thoughts.push(split.thinking));
    yield* say('text', texts.push(split.text));
  }

  function* rest(): Iterable<ChatEvent> {
    const split = splitter?.end() ?? { thinking: '', text: '' };
    splitter = null;
    yield* say('thinking', thoughts.push(split.thinking) + thoughts.end());
    yield* say('text', texts.push(split.text) + texts.end());
  }

  try {
    for await (const event of events) {
      switch (event.type) {
        case 'text':
          yield* push(event.text);
          break;
        case 'thinking':
          if (splitter) yield* say('text', texts.push(splitter.end().text));
          splitter = null;
          yield* say('thinking', thoughts.push(event.text));
          break;
        case 'done':
          yield* rest();
          yield event;
          break;
        case 'loading':
        case 'tool-call':
          yield event;
      }
    }
  } catch (error) {
    // What was held back has come, and must not be lost with the connection.
    yield* rest();
    throw error;
  }
}
