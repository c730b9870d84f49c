import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askYes } from '../../../src/cli/ask-yes.ts';

function ask(typed: string, { signal = new AbortController().signal, isTerminal = false } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY: isTerminal });
  const output = Object.assign(new PassThrough(), { isTTY: isTerminal, columns: 80 });
  let interrupts = 0;
  const answered = askYes('Delete tiny?', { input, output, signal, onInterrupt: () => (interrupts += 1) });
  input.end(typed);
  return { answered, output, interrupts: () => interrupts };
}

test.each([
  ['y\n', true],
  ['YES\n', true],
  ['  yes \n', true],
  ['n\n', false],
  ['\n', false],
  ['yep\n', false],
  ['', false],
])('%j', async (typed, isYes) => {
  const { answered, output } = ask(typed);
  expect(await answered).toBe(isYes);
  expect(String(output.read())).toBe('Delete tiny? [y/N] ');
});

test('Ctrl C while it is asked is told, and is no yes', async () => {
  const { answered, interrupts } = ask('\u0003', { isTerminal: true });
  expect(await answered).toBe(false);
  expect(interrupts()).toBe(1);
});

test('an end from outside is no yes', async () => {
  expect(await ask('', { signal: AbortSignal.abort() }).answered).toBe(false);
});
