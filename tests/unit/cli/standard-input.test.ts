import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readKey, readQuestion } from '../../../src/cli/standard-input.ts';
import { UsageError } from '../../../src/cli/usage.ts';
import { QUESTION_MAX_CHARS } from '../../../src/contract/limits.ts';

test('reads everything and drops the last line break only', async () => {
  expect(await readQuestion(Readable.from(['two\n', 'lines\n']))).toBe('two\nlines');
  expect(await readQuestion(Readable.from(['a\r\n']))).toBe('a');
  expect(await readQuestion(Readable.from(['  a\n\n']))).toBe('  a\n');
});

test('a character split between two chunks stays whole', async () => {
  const bytes = Buffer.from('Grüße 🙂');
  const chunks = [...bytes].map((byte) => Buffer.from([byte]));
  expect(await readQuestion(Readable.from(chunks, { objectMode: false }))).toBe('Grüße 🙂');
});

test('an endless input ends with the limit named', async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) yield 'x'.repeat(100_000);
    })(),
  );
  await expect(readQuestion(endless)).rejects.toMatchObject({
    code: 'question_too_long',
    params: { limit: QUESTION_MAX_CHARS },
  });
});

test('a key comes without what stands around it, and not from an endless input', async () => {
  expect(await readKey(Readable.from([' sk-', '123\r\n\n']))).toBe('sk-123');
  await expect(readKey(Readable.from(['x'.repeat(8_000), 'x']))).rejects.toBeInstanceOf(UsageError);
});

test('a question in UTF-16, or with a mark at its beginning, is read as it was written', async () => {
  const little = Buffer.from('\uFEFFGrüße 🙂\r\n', 'utf16le');
  for (const bytes of [little, Buffer.from(little).swap16(), Buffer.from('\uFEFFGrüße 🙂\n')])
    expect(await readQuestion(Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]))).toBe('Grüße 🙂');
  expect(await readKey(Readable.from([Buffer.from('\uFEFFsk-123\r\n', 'utf16le')]))).toBe('sk-123');
});

test('the longest question fits, whatever its letters', async () => {
  for (const letter of ['x', '漢']) {
    const longest = letter.repeat(QUESTION_MAX_CHARS);
    expect(await readQuestion(Readable.from([Buffer.from(longest)]))).toHaveLength(QUESTION_MAX_CHARS);
    await expect(readQuestion(Readable.from([Buffer.from(longest), 'x']))).rejects.toMatchObject({
      code: 'question_too_long',
    });
  }
});
