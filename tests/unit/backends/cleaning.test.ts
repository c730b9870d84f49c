// Special tokens out of answers, thoughts told from text: the same wherever the stream is cut.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnswerCleaner, splitThoughts } from '../../../src/main/backends/cleaning/answer-cleaner.ts';
import { cleaned } from '../../../src/main/backends/cleaning/clean.ts';
import { isUnmistakable, THOUGHT_MARKS } from '../../../src/main/backends/cleaning/marks.ts';
import { beginsWithThought, families, familyById } from '../../../src/main/backends/families/families.ts';
import type { ChatEvent } from '../../../src/main/backends/interface.ts';

const TOKENS = [
  '<|end|>',
  '<|endoftext|>',
  '<s>',
  '</s>',
  '[INST]',
  '[/INST]',
  '<|im_end|>',
  '<|im_start|>',
  '<|im_start|>assistant\n',
  '<|eot_id|>',
];

interface Told {
  thinking: string;
  text: string;
  /** In their order: at which length of all text so far. */
  relabels: string[];
}

function tell(
  pieces: readonly string[],
  {
    tokens = TOKENS,
    beginsThinking = false,
    isWhole = true,
  }: { tokens?: readonly string[]; beginsThinking?: boolean; isWhole?: boolean } = {},
): Told {
  const cleaner = createAnswerCleaner({ specialTokens: tokens, beginsThinking });
  const told: Told = { thinking: '', text: '', relabels: [] };
  for (const piece of [...pieces.flatMap((one) => cleaner.push(one)), ...cleaner.end(isWhole)]) {
    if (piece.type !== 'relabel') {
      told[piece.type] += piece.text;
      continue;
    }
    const all = told.thinking + told.text;
    told.relabels.push(`${piece.as} at ${all.length}`);
    told.thinking = piece.as === 'thinking' ? all : '';
    told.text = piece.as === 'text' ? all : '';
  }
  return told;
}

const clean = (pieces: readonly string[], tokens: readonly string[] = TOKENS) => tell(pieces, { tokens }).text;
const split = (pieces: readonly string[]) => {
  const { thinking, text } = tell(pieces);
  return { thinking, text };
};

const MARKS = THOUGHT_MARKS.flatMap(({ open, closes }) => [open, ...closes]);

/** Texts in which tokens, pieces of tokens, code and prose stand beside each other. */
const fragments = fc.oneof(
  fc.constantFrom(...TOKENS),
  fc.constantFrom(...MARKS),
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
  it.each([false, true])('a text cut anywhere equals cleaning the whole (begins thinking: %s)', (beginsThinking) => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(200), { maxLength: 40 }), fc.boolean(), (text, cuts, isWhole) => {
        const options = { beginsThinking, isWhole };
        expect(tell(cutAt(text, cuts), options)).toEqual(tell([text], options));
      }),
      { numRuns: 2_000 },
    );
  });

  const all = families().flatMap(({ specialTokens }) => specialTokens.map((token) => [token, specialTokens] as const));
  it.each(all.filter(([token]) => isUnmistakable(token)))('takes out %j, split at every place', (token, tokens) => {
    for (let at = 0; at <= token.length; at += 1)
      expect(clean(['before ', token.slice(0, at), token.slice(at), 'after'], tokens)).toBe('before after');
    expect(clean(['before', token], tokens)).toBe('before');
  });

  it.each(all.filter(([token]) => !isUnmistakable(token)))(
    'takes out %j at the beginning and the end, and leaves it in prose',
    (token, tokens) => {
      for (let at = 0; at <= token.length; at += 1) {
        const pieces = [token.slice(0, at), token.slice(at)];
        expect(clean([...pieces, 'before'], tokens)).toBe('before');
        expect(clean(['\n', ...pieces, ' before ', ...pieces, '\n', ...pieces], tokens)).toBe('\n before ');
        expect(clean(['before ', ...pieces, ' after'], tokens)).toBe(`before ${token} after`);
      }
    },
  );

  it.each([
    ['tags of crossed out words', 'The <s> element marks old prices, and </s> ends it; write [INST] as it is.'],
    ['one as the last word', 'Now $5 instead of <s>$10</s>'],
    ['two beside each other', 'Was <s>$10</s> <s>$9</s>, is $5'],
    ['an empty one', 'An empty <s></s> shows nothing.'],
    ['a template that is spoken of', 'It reads <s>[INST] question [/INST] answer</s>, again and again.'],
  ])('keeps %s', (_what, text) => {
    for (const family of ['llama', 'mistral', 'other'] as const) {
      expect(clean([text], familyById(family).specialTokens)).toBe(text);
      expect(clean(text.split(''), familyById(family).specialTokens)).toBe(text);
    }
  });

  it('takes out the tokens of turns that a model goes on with', () => {
    const { specialTokens } = familyById('mistral');
    expect(clean(['Yes.</s>[INST] And now? [/INST] No.</s>'], specialTokens)).toBe('Yes. And now?  No.');
    expect(clean(['Yes.</s>\n<s>[INST]'], specialTokens)).toBe('Yes.');
  });

  it('leaves a text without tokens alone, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        fc.pre(!/[<[◁]/.test(text));
        expect(clean([text])).toBe(text);
      }),
    );
  });

  it('leaves no token in prose, and adds nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!/[`~]/.test(text) && !MARKS.some((mark) => text.includes(mark)));
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
  it.each(THOUGHT_MARKS.flatMap(({ open, closes }) => closes.map((close) => [open, close] as const)))(
    'between %s and %s stand before the answer, in every family',
    (open, close) => {
      for (const { specialTokens } of families()) {
        const text = `\n ${open}\nHm.\nWell.${close}\n\nYes.`;
        const told = { thinking: 'Hm.\nWell.', text: 'Yes.', relabels: [] };
        expect(tell([text], { tokens: specialTokens })).toEqual(told);
        expect(tell(text.split(''), { tokens: specialTokens })).toEqual(told);
      }
    },
  );

  it('every family’s own marks are known', () => {
    for (const { thinking } of families())
      if (thinking)
        expect(THOUGHT_MARKS).toContainEqual(
          expect.objectContaining({ open: thinking.open, closes: [thinking.close] }),
        );
  });

  it.each([
    ['may be empty', '<think>\n\n</think>\n\nYes.', { thinking: '', text: 'Yes.' }],
    ['may never end', '<think>Hm. </thin', { thinking: 'Hm. </thin', text: '' }],
    ['may come twice', '<think>a</think>\n<think>b</think>\nYes.', { thinking: 'ab', text: 'Yes.' }],
    [
      'may come again in a paragraph of its own',
      '<think>a</think>Yes.\n\n<think>b</think>\n\nNo.',
      { thinking: 'ab', text: 'Yes.\n\nNo.' },
    ],
    [
      'may come after some words',
      'Let me see.\n<thinking>b</thinking>\nNo.',
      { thinking: 'b', text: 'Let me see.\nNo.' },
    ],
    [
      'may hold other marks',
      '<think>a <reasoning> b</reasoning> c</think>Yes.',
      { thinking: 'a <reasoning> b</reasoning> c', text: 'Yes.' },
    ],
    [
      'go on behind a mark that they quote',
      '<think>What is `</think>`, or "</think>"?</think>Yes.',
      { thinking: 'What is `</think>`, or "</think>"?', text: 'Yes.' },
    ],
    [
      'are text in the middle of an answer',
      'Write <think>x</think>.',
      { thinking: '', text: 'Write <think>x</think>.' },
    ],
    ['are text in a span', 'Use `<think>` and `</think>`.', { thinking: '', text: 'Use `<think>` and `</think>`.' }],
    [
      'are text in a fence',
      'So:\n```\n<think>\nx\n</think>\n```\nDone.',
      { thinking: '', text: 'So:\n```\n<think>\nx\n</think>\n```\nDone.' },
    ],
    ['are text when there is only a beginning of the mark', ' <thin', { thinking: '', text: ' <thin' }],
    [
      'are the channels of gpt-oss',
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>',
      { thinking: 'Hm.', text: 'Yes.' },
    ],
    [
      'are two of them, with words between',
      '<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary<|message|>Wait. <|end|><|start|>assistant<|channel|>analysis<|message|>b<|end|><|start|>assistant<|channel|>final<|message|>Yes.',
      { thinking: 'ab', text: 'Wait. Yes.' },
    ],
  ])('%s', (_what, text, expected) => {
    expect(split([text])).toEqual(expected);
    expect(split(text.split(''))).toEqual(expected);
    expect(splitThoughts(text)).toEqual(
      text.includes('<|end|>') || text.includes('<|return|>') ? expect.anything() : expected,
    );
  });

  describe('whose beginning nobody marked', () => {
    it.each([
      ['The user greets me.</think>\n\nHi!', 'The user greets me.', 'Hi!'],
      ['Hm.\n</think>\n\nHi!', 'Hm.\n', 'Hi!'],
      ['Hm. </think> Hi!', 'Hm. ', 'Hi!'],
      ['so I say hi</think>Hi!', 'so I say hi', 'Hi!'],
      ['so I say hi </think>\nHi!', 'so I say hi ', 'Hi!'],
      ['so I say (hi)</think>Hi!', 'so I say (hi)', 'Hi!'],
      ['What is `</think>`?</think>Hi!', 'What is `</think>`?', 'Hi!'],
      ['It`s fine.</think>\nHi!', 'It`s fine.', 'Hi!'],
      ['Hm.[/THINK]Hi!', 'Hm.', 'Hi!'],
      ['They ask of <think> and </think>.\n</think>\n\nHi!', 'They ask of <think> and </think>.\n', 'Hi!'],
      ['Hm.◁/think▷Hi!', 'Hm.', 'Hi!'],
    ])('%j was one until its end', (text, thinking, said) => {
      const told = { thinking, text: said, relabels: [`thinking at ${thinking.length}`] };
      expect(tell([text])).toEqual(told);
      expect(tell(text.split(''))).toEqual(told);
      expect(splitThoughts(text)).toEqual({ thinking, text: said });
      // Of a model that is known to begin with one nothing is shown as said before.
      expect(tell([text], { beginsThinking: true })).toEqual({ ...told, relabels: [] });
    });

    it('leaves out an end before which nothing was thought', () => {
      expect(tell(['\n</think>\n\nHi!'])).toEqual({ thinking: '', text: 'Hi!', relabels: [] });
    });

    it.each([
      'The </think> tag ends it.',
      'Write <think> before it and </think>\nafter it.',
      'The tag "</think>" ends it.',
      'The tag (</think>) ends it.',
      'The `</think>` tag ends it.',
      '```\nHm.\n</think>\n```\nends it.',
    ])('%j speaks of the mark', (text) => {
      expect(tell([text])).toEqual({ thinking: '', text, relabels: [] });
      expect(tell(text.split(''))).toEqual({ thinking: '', text, relabels: [] });
    });

    it('is what a model said that thought nothing after all', () => {
      expect(tell(['Hi', '!'], { beginsThinking: true })).toEqual({
        thinking: '',
        text: 'Hi!',
        relabels: ['text at 3'],
      });
      // Cut off, it was still at it.
      expect(tell(['Hi', '!'], { beginsThinking: true, isWhole: false })).toEqual({
        thinking: 'Hi!',
        text: '',
        relabels: [],
      });
      expect(tell(['\n<think>Hm.</think>Hi!'], { beginsThinking: true })).toEqual({
        thinking: 'Hm.',
        text: 'Hi!',
        relabels: [],
      });
    });

    it.each([
      ['deepseek-r1:7b', true],
      ['DeepSeek-R1-Distill-Qwen-7B-Q4_K_M.gguf', true],
      ['qwq:32b', true],
      ['Qwen3-4B-Thinking-2507', true],
      ['qwen3:4b', false],
      ['deepseek-v3', false],
      ['some-non-thinking-model', false],
      ['llama3.2', false],
    ])('%s begins with one: %s', (model, expected) => {
      expect(beginsWithThought(model)).toBe(expected);
    });
  });
});

describe('the events of an answer', () => {
  const usage = { promptTokens: 1, answerTokens: 1, loadMs: 0, firstTokenMs: 0, answerMs: 0, totalMs: 0 };
  const done: ChatEvent = { type: 'done', reason: 'stop', usage };
  const { specialTokens } = familyById('qwen');
  async function eventsOf(given: readonly (ChatEvent | Error)[], beginsThinking = false): Promise<unknown[]> {
    async function* stream(): AsyncIterable<ChatEvent> {
      for (const one of given) {
        if (one instanceof Error) throw one;
        yield one;
      }
    }
    const events: unknown[] = [];
    try {
      for await (const event of cleaned(stream(), { specialTokens, beginsThinking })) events.push(event);
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

  it('of an engine that leaves the end of a thought that it took out begin behind it', async () => {
    const events = [thinking('Hm.'), text('\n</thi'), text('nk>\n\nYes, </think> is it.'), done];
    expect(await eventsOf(events)).toEqual([thinking('Hm.'), text('Yes, </think> is it.'), done]);
  });

  it('say that what was said turned out to be a thought, and the other way round', async () => {
    expect(await eventsOf([text('Hm.'), text('</think>'), text('\n\nYes.'), done])).toEqual([
      text('Hm.'),
      { type: 'relabel', as: 'thinking' },
      text('Yes.'),
      done,
    ]);
    const relabelled = [thinking('Yes.'), { type: 'relabel', as: 'text' }, done];
    expect(await eventsOf([text('Yes.'), done], true)).toEqual(relabelled);
    const cut: ChatEvent = { ...done, reason: 'length' };
    expect(await eventsOf([text('Hm.'), cut], true)).toEqual([thinking('Hm.'), cut]);
    // The engine tells thoughts: nothing has to be taken for one.
    expect(await eventsOf([text('\n'), thinking('Hm.'), text('Yes.'), done], true)).toEqual([
      thinking('Hm.'),
      text('Yes.'),
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
