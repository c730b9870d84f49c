// The order of the list as it is written down.
import { expect, test } from 'vitest';
import { moved } from '../../../src/main/backends/list/order.ts';

test('one that is not listed now keeps its neighbour', () => {
  const toFront = moved(['a', 'b', 'demo'], ['a', 'gone', 'b', 'demo'], { id: 'b', index: 0 });
  expect(toFront).toEqual(['b', 'a', 'gone', 'demo']);
  expect(moved(['a', 'b', 'demo'], ['gone', 'a', 'b'], { id: 'a', index: 1 })).toEqual(['gone', 'b', 'a', 'demo']);
});
