// Special tokens out of answers, thoughts told from text: the same wherever the stream is cut.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleaned } from '../../../src/main/backends/cleaning/clean.ts';
import { createTokenCleaner } from '../../../src/main/backends/cleaning/special-tokens.ts';
import { createThinkingSplitter } from '../../../src/main/backends/cleaning/thinking.ts';
import { families, familyById } from '../../../src/main/backends/families/families.ts';
import type { ChatEvent } from '../../../src/main/backends/interface.ts';

const TOKENS = [
  '<|end|>',
  '<|endoftext|>',
  '</s>',
  '<|im_end|>',
  '<|im_start|>',
  '<|im_start|>assistant\n',
  '<|eot_id|>',
];

function clean(pieces: readonly string[], tokens: readonly string[] = TOKENS): string {
  const cleaner = createTokenCleaner(tokens);
  return pieces.map((piece) => cleaner.push(piece)).join('') + cleaner.end();
}

/** Texts in which tokens, pieces of tokens, code and prose stand beside each other. */
const fragments = fc.oneof(
  fc.constantFrom(...TOKENS),
  fc.constantFrom(
    '<|',
    '|>',
    '<',
    '<|im',
    '<|im_start|>assist',
    '`',
    '``',
    '```',
    '```js\n',
    '~~~',
    '\n',
    '\n\n',
    ' ',
    '> ',
  ),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const texts = fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join(''));

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  return [...places, text.length].map((end, index) => text.slice(places[index - 1] ?? 0, end));
}

describe('cleaning', () => {
  it('a text cut anywhere equals cleaning the whole', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(200), { maxLength: 40 }), (text, cuts) => {
        expect(clean(cutAt(text, cuts))).toBe(clean([text]));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(families().flatMap(({ specialTokens }) => specialTokens.map((token) => [token, specialTokens] as const)))(
    'takes out %j, split at every place',
    (token, tokens) => {
      for (let at = 0; at <= token.length; at += 1)
        expect(clean(['before ', token.slice(0, at), token.slice(at), 'after'], tokens)).toBe('before after');
      expect(clean(['before', token], tokens)).toBe('before');
    },
  );

  it('leaves a text without tokens alone, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        fc.pre(!TOKENS.some((token) => text.includes(token)));
        expect(clean([text])).toBe(text);
      }),
    );
  });

  it('leaves no token in prose, and adds nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!/[`~]/.test(text));
        // Taking one out may put another together from what stood around it; only tokens of the text itself are taken out.
        const found = clean([text]);
        expect(found.length).toBeLessThanOrEqual(text.length);
        if (!TOKENS.some((token) => text.includes(token))) expect(found).toBe(text);
      }),
    );
  });

  it.each([
    ['a fence', 'See:\n```js\nif (t === "<|im_end|>") stop();\n```\nDone.<|im_end|>'],
    ['a fence of tildes', 'See:\n~~~\n</s>\n~~~\nDone.<|im_end|>'],
    ['a span', 'The token `<|im_end|>` ends a turn.<|im_end|>'],
    ['a span of two ticks', 'The token ``a ` <|im_end|>`` ends a turn.<|im_end|>'],
    ['a span over two lines', 'The `token\n<|im_end|>` ends a turn.<|im_end|>'],
    ['a span of three ticks in a line', '```<|im_end|>``` ends a turn.<|im_end|>'],
    ['a fence in a quote', '> ```\n> <|im_end|>\n> ```\nDone.<|im_end|>'],
    ['a fence in a list', '1. See:\n   ```\n   <|im_end|>\n   ```\nDone.<|im_end|>'],
  ])('keeps what %s mentions, and takes out the end', (_where, text) => {
    expect(clean([text])).toBe(text.replace(/<\|im_end\|>$/, ''));
    expect(clean(text.split(''))).toBe(text.replace(/<\|im_end\|>$/, ''));
  });

  it('takes out the end of an answer also from code that nobody closed', () => {
    expect(clean(['```js\nstop();\n<|im_end|>\n<|endoftext|>'])).toBe('```js\nstop();\n');
    expect(clean(['`stop', '<|im_end|>'])).toBe('`stop');
  });

  it('takes a lonely backtick for one that ends with its paragraph', () => {
    expect(clean(['It`s done.\n\nNext.<|im_end|> More.'])).toBe('It`s done.\n\nNext. More.');
  });

  it('takes out the head of a turn with its role', () => {
    expect(clean(['<|im_start|>assistant\nHello<|im_end|>'])).toBe('Hello');
    expect(clean(['<|start_header_id|>assistant<|end_header_id|>\n\nHello'], familyById('llama').specialTokens)).toBe(
      'Hello',
    );
  });
});

describe('thoughts', () => {
  const marks = { open: '<think>', close: '</think>' };
  const split = (pieces: readonly string[]) => {
    const splitter = createThinkingSplitter(marks);
    const parts = [...pieces.map((piece) => splitter.push(piece)), splitter.end()];
    return {
      thinking: parts.map(({ thinking }) => thinking).join(''),
      text: parts.map(({ text }) => text).join(''),
    };
  };

  it.each([
    ['stand before the answer', '<think>Hm.\nWell.</think>\n\nYes.', { thinking: 'Hm.\nWell.', text: 'Yes.' }],
    ['may have white space before', '\n <think>Hm.</think>Yes.', { thinking: 'Hm.', text: 'Yes.' }],
    ['may be empty', '<think>\n\n</think>\n\nYes.', { thinking: '\n\n', text: 'Yes.' }],
    ['may never end', '<think>Hm. </thin', { thinking: 'Hm. </thin', text: '' }],
    [
      'are text in the middle of an answer',
      'Write <think>x</think>.',
      { thinking: '', text: 'Write <think>x</think>.' },
    ],
    ['are text when there is only a beginning of the mark', ' <thin', { thinking: '', text: ' <thin' }],
  ])('%s', (_what, text, expected) => {
    expect(split([text])).toEqual(expected);
    expect(split(text.split(''))).toEqual(expected);
  });

  it('are the same wherever the stream is cut', () => {
    const parts = fc.constantFrom('<think>', '</think>', '<thi', '</', 'nk>', '\n', ' ', 'a', 'b<', '<think></think>');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 20 }), (pieces, cuts) => {
        const text = pieces.join('');
        expect(split(cutAt(text, cuts))).toEqual(split([text]));
      }),
    );
  });
});

describe('the events of an answer', () => {
  const usage = { promptTokens: 1, answerTokens: 1, loadMs: 0, firstTokenMs: 0, answerMs: 0, totalMs: 0 };
  const done: ChatEvent = { type: 'done', reason: 'stop', usage };
  async function eventsOf(given: readonly (ChatEvent | Error)[], family = familyById('qwen')): Promise<unknown[]> {
    async function* stream(): AsyncIterable<ChatEvent> {
      for (const one of given) {
        if (one instanceof Error) throw one;
        yield one;
      }
    }
    const events: unknown[] = [];
    try {
      for await (const event of cleaned(stream(), family)) events.push(event);
    } catch (error) {
      events.push(error);
    }
    return events;
  }
  const text = (value: string): ChatEvent => ({ type: 'text', text: value });
  const thinking = (value: string): ChatEvent => ({ type: 'thinking', text: value });

  it('are cleaned, with thoughts apart and nothing held back at the end', async () => {
    expect(await eventsOf([text('<thi'), text('nk>Hm.</think>\n'), text('Yes.<|im'), text('_end|>'), done])).toEqual([
      thinking('Hm.'),
      text('Yes.'),
      done,
    ]);
    expect(await eventsOf([text('a <|im'), done])).toEqual([text('a '), text('<|im'), done]);
  });

  it('of an engine that tells thoughts by itself keep marks in its text', async () => {
    expect(await eventsOf([thinking('Hm.<|im_end|>'), text('<think>x</think>'), done])).toEqual([
      thinking('Hm.'),
      text('<think>x</think>'),
      done,
    ]);
  });

  it('that break off lose nothing that came', async () => {
    const broken = new Error('gone');
    expect(await eventsOf([text('a <|im'), broken])).toEqual([text('a '), text('<|im'), broken]);
  });

  it('of other kinds pass', async () => {
    const loading: ChatEvent = { type: 'loading', model: 'm' };
    expect(await eventsOf([loading, done])).toEqual([loading, done]);
  });
});
