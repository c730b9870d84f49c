import { expect, it } from 'vitest';
import { createActivityBoard } from '../../../src/main/ollama/index.ts';

it('shows what is asked of Ollama until it has ended, and tells every change once', () => {
  const board = createActivityBoard();
  let changes = 0;
  const stop = board.onChange(() => (changes += 1));
  const one = board.begin('llama3.2');
  const two = board.begin('tiny');
  one.loading();
  one.loading();
  expect(board.current()).toEqual([
    { type: 'loading', model: 'llama3.2' },
    { type: 'answering', model: 'tiny' },
  ]);
  one.answering();
  two.end();
  two.end();
  two.loading();
  expect(board.current()).toEqual([{ type: 'answering', model: 'llama3.2' }]);
  expect(changes).toBe(5);
  stop();
  one.end();
  expect(board.current()).toEqual([]);
  expect(changes).toBe(5);
});
