import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { after } from '../../../src/main/backends/waiting/after.ts';
import { createIdle } from '../../../src/main/backends/waiting/idle.ts';
import { scriptedTime } from '../../support/scripted-time.ts';

const MINUTE_MS = 60_000;

function scene(minutes = 10) {
  const time = scriptedTime();
  const onIdle = vi.fn<() => void>();
  const settings = { minutes };
  return { time, onIdle, settings, idle: createIdle({ minutes: () => settings.minutes, onIdle, after: time.after }) };
}

test('the wait begins when the last one who needs it has gone', () => {
  const { time, onIdle, idle } = scene();
  const [first, second] = [idle.use(), idle.use()];
  first();
  first();
  expect(time.waiting()).toEqual([]);
  expect(idle.isInUse()).toBe(true);
  second();
  expect(time.waiting()).toEqual([10 * MINUTE_MS]);
  time.ring(10 * MINUTE_MS);
  expect(onIdle).toHaveBeenCalledOnce();
});

test('whoever asks meanwhile takes the wait back', () => {
  const { time, onIdle, idle } = scene();
  idle.use()();
  const free = idle.use();
  expect(time.waiting()).toEqual([]);
  free();
  expect(time.waiting()).toEqual([10 * MINUTE_MS]);
  expect(onIdle).not.toHaveBeenCalled();
});

test('0 is at once, -1 is never, and a question may say otherwise for itself', () => {
  const { time, idle, settings } = scene(0);
  idle.use()();
  expect(time.waiting()).toEqual([0]);
  settings.minutes = -1;
  idle.use()();
  expect(time.waiting()).toEqual([]);
  idle.use()(3);
  expect(time.waiting()).toEqual([3 * MINUTE_MS]);
});

test('a changed setting counts for a wait that has begun; nothing waits after the end', () => {
  const { time, idle, settings } = scene();
  idle.use()();
  settings.minutes = 2;
  idle.renew();
  expect(time.waiting()).toEqual([2 * MINUTE_MS]);
  idle.stop();
  idle.use()();
  idle.renew();
  expect(time.waiting()).toEqual([]);
});

test('whatever happens, it never comes while somebody needs it, and at most one wait is on', () => {
  const step = fc.constantFrom('use', 'free', 'renew', 'ring');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { time, onIdle, idle } = scene();
      onIdle.mockImplementation(() => expect(idle.isInUse()).toBe(false));
      const uses: (() => void)[] = [];
      for (const one of steps) {
        if (one === 'use') uses.push(idle.use());
        else if (one === 'free') uses.pop()?.();
        else if (one === 'renew') idle.renew();
        else time.ring(10 * MINUTE_MS);
        expect(time.waiting().length).toBeLessThanOrEqual(uses.length > 0 ? 0 : 1);
      }
    }),
  );
});

test('a wait longer than a timer can take does not end at once', () => {
  vi.useFakeTimers();
  try {
    const act = vi.fn<() => void>();
    const cancel = after(100_000 * MINUTE_MS, act);
    vi.advanceTimersByTime(24 * 60 * MINUTE_MS);
    expect(act).not.toHaveBeenCalled();
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
