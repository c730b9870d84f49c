import { expect, test } from 'vitest';
import { createTurns } from '../../../src/main/backends/waiting/turns.ts';

const never = new AbortController().signal;

test('turns come in the order of asking, each when the one before is given back', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const giveBackFirst = await turns.take(never);
  const follow = async (name: string) => {
    const giveBack = await turns.take(never);
    order.push(name);
    giveBack();
  };
  const others = [follow('second'), follow('third')];
  order.push('first');
  giveBackFirst();
  await Promise.all(others);
  expect(order).toEqual(['first', 'second', 'third']);
});

test('who gives up waiting lets nobody past the one before', async () => {
  const turns = createTurns();
  const giveBackFirst = await turns.take(never);
  const gaveUp = new AbortController();
  const second = turns.take(gaveUp.signal);
  const third = turns.take(never);
  gaveUp.abort();
  await expect(second).rejects.toMatchObject({ code: 'cancelled' });
  expect(await Promise.race([third, Promise.resolve('still waiting')])).toBe('still waiting');
  giveBackFirst();
  await third;
});
