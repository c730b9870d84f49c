// What a screen reader hears of a growing answer.
import { array, assert, constantFrom, property } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ANNOUNCE_EVERY_MS, createAnnouncer, wholeSentences } from '../../../src/renderer/features/chat/announce.ts';

const describeCode = (language: string, lines: number) => `[${language} ${lines}]`;
const heard = (text: string, offset = 0, isFinished = false) =>
  wholeSentences(text, offset, { describeCode, isFinished });

describe('whole sentences', () => {
  it('waits for the end of a sentence', () => {
    expect(heard('It is 3.5 m long')).toEqual({ words: '', next: 0 });
    expect(heard('It is 3.5 m long. And')).toEqual({ words: 'It is 3.5 m long.', next: 17 });
    expect(heard('It is 3.5 m long. And', 17, true)).toEqual({ words: 'And', next: 21 });
  });

  it('reads list items, headings and tables without their signs', () => {
    const text = '## Steps\n- **Mix** `flour`\n- [Bake](https://example.org)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n';
    expect(heard(text).words).toBe('Steps Mix flour Bake a, b 1, 2');
  });

  it('names a block of code once it is closed', () => {
    expect(heard('```python\na = 1\nb = 2\n')).toEqual({ words: '', next: 0 });
    expect(heard('Look:\n```python\na = 1.\nb = 2\n```\nDone. ').words).toBe('Look: [python 2] Done.');
    expect(heard('```\nunclosed', 0, true).words).toBe('[ 1]');
  });

  it('says the same however the text is cut', () => {
    assert(
      property(array(constantFrom('a', '. ', '\n', '```', 'b c', '- ', '。', ' '), { maxLength: 40 }), (pieces) => {
        let text = '';
        let offset = 0;
        const parts: string[] = [];
        for (const piece of pieces) {
          text += piece;
          const { words, next } = heard(text, offset);
          expect(next).toBeGreaterThanOrEqual(offset);
          expect(next).toBeLessThanOrEqual(text.length);
          offset = next;
          parts.push(words);
        }
        parts.push(heard(text, offset, true).words);
        const letters = (all: string) => all.replace(/[^abc]/g, '').length;
        // Letters inside code are named, not read; none is ever said twice.
        expect(letters(parts.join(' '))).toBeLessThanOrEqual(letters(text));
      }),
    );
  });
});

describe('the announcer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('speaks at most once per pause and says everything', () => {
    const say = vi.fn<(words: string) => void>();
    const announcer = createAnnouncer(say, describeCode);
    let text = '';
    for (let index = 0; index < 30; index += 1) {
      text += `Sentence ${index}. `;
      announcer.feed(text);
      vi.advanceTimersByTime(100);
    }
    expect(say.mock.calls.length).toBeLessThanOrEqual(3_000 / ANNOUNCE_EVERY_MS);
    announcer.finish(`${text}The end`, 'Answer finished');
    vi.advanceTimersByTime(ANNOUNCE_EVERY_MS);
    expect(say.mock.calls.flat().join(' ')).toBe(`${text}The end Answer finished`);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on where another one was cut off', () => {
    const said: string[] = [];
    const first = createAnnouncer((words) => void said.push(words), describeCode);
    first.feed('One. Two is under');
    vi.advanceTimersByTime(ANNOUNCE_EVERY_MS);
    const second = createAnnouncer((words) => void said.push(words), describeCode, first.end());
    second.finish('One. Two is under way.', 'Over');
    vi.advanceTimersByTime(ANNOUNCE_EVERY_MS);
    expect(said).toEqual(['One.', 'Two is under way. Over']);
  });

  it('begins anew with the answer when what it said turns out to be a thought', () => {
    const say = vi.fn<(words: string) => void>();
    const announcer = createAnnouncer(say, describeCode);
    announcer.feed('The user greets me. So');
    vi.advanceTimersByTime(ANNOUNCE_EVERY_MS);
    announcer.feed('Hi');
    announcer.finish('Hi there.', 'Over');
    vi.advanceTimersByTime(ANNOUNCE_EVERY_MS);
    expect(say.mock.calls).toEqual([['The user greets me.'], ['Hi there. Over']]);
  });

  it('says nothing after its end, and keeps no timer while nothing comes', () => {
    const say = vi.fn<(words: string) => void>();
    const announcer = createAnnouncer(say, describeCode);
    announcer.feed('One. ');
    announcer.end();
    vi.advanceTimersByTime(60_000);
    expect(say).not.toHaveBeenCalled();
    announcer.feed('One. Two');
    vi.advanceTimersByTime(60_000);
    expect(say.mock.calls).toEqual([['One.']]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
