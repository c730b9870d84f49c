// A backend that failed rests, and not longer than it should.
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import {
  type Breaker,
  createBreaker,
  FIRST_REST_MS,
  LONGEST_REST_MS,
  restingInfo,
} from '../../../src/main/backends/choice/breaker.ts';
import { HearthError } from '../../../src/main/errors/index.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const create = () => createBreaker({ onChange: () => {} });
const fail = (breaker: Breaker, code: ErrorCode = 'backend_empty') => breaker.begin().failed(new HearthError(code));

describe('a backend that asks to wait', () => {
  const asks = (waitMs: number) => new HearthError('backend_wait', { backend: 'W', host: 'h', wait: '…', waitMs });

  it('rests for exactly that long, with that reason', async () => {
    const breaker = create();
    await breaker.begin().failed(asks(7_000));
    expect(breaker.rest()).toMatchObject({ untilMs: 1_007_000, reason: { code: 'backend_wait' } });
    later(6_999);
    expect(breaker.rest()).not.toBeNull();
    later(1);
    expect(breaker.rest()).toBeNull();
  });

  it('rests as it asks each time, however often it failed before, and also when nobody waited for the try', async () => {
    const breaker = create();
    await fail(breaker);
    later(FIRST_REST_MS);
    await breaker.begin().failed(asks(900_000));
    expect(breaker.rest()).toMatchObject({ untilMs: Date.now() + 900_000 });
    later(900_000);
    await breaker.begin().failed(asks(1_000));
    expect(breaker.rest()).toMatchObject({ untilMs: Date.now() + 1_000 });
    later(1_000);
    breaker.begin().left();
    expect(breaker.rest()).toBeNull();
  });

  it('is not healed by a look', async () => {
    const breaker = create();
    await breaker.begin().failed(asks(7_000));
    breaker.seen();
    expect(breaker.rest()).not.toBeNull();
  });
});

describe('a failure', () => {
  it.each([
    'backend_unreachable',
    'backend_connect_timeout',
    'backend_no_answer',
    'backend_first_token_timeout',
    'backend_empty',
    'backend_html',
    'backend_garbage',
    'backend_failed',
    'engine_crashed',
  ] as const)('%s lets it rest at once', async (code) => {
    const breaker = create();
    await fail(breaker, code);
    expect(breaker.rest()).toMatchObject({ untilMs: 1_000_000 + FIRST_REST_MS, reason: { code } });
  });

  it.each([
    'model_not_found',
    'no_model_installed',
    'backend_key_needed',
    'backend_key_refused',
    'backend_refused',
    'backend_busy',
    'request_refused',
    'backend_quota',
    'backend_model_not_loaded',
    'backend_load_timeout',
    'question_too_long',
    'cancelled',
  ] as const)('%s says nothing about the next question', async (code) => {
    const breaker = create();
    await fail(breaker, code);
    expect(breaker.rest()).toBeNull();
  });
});

describe('a rest', () => {
  it('ends after its time, is twice as long each time, and never longer than five minutes', async () => {
    const breaker = create();
    const rests: number[] = [];
    for (let times = 0; times < 9; times += 1) {
      await fail(breaker);
      const restMs = (breaker.rest()?.untilMs ?? NaN) - Date.now();
      rests.push(restMs / 1000);
      later(restMs - 1);
      expect(breaker.rest()).not.toBeNull();
      later(1);
      expect(breaker.rest()).toBeNull();
    }
    expect(rests).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    await breaker.begin().answered();
    await fail(breaker);
    expect(breaker.rest()?.untilMs).toBe(Date.now() + FIRST_REST_MS);
  });

  it('is tried by one question alone; the next one tries where that one was stopped', async () => {
    const breaker = create();
    await fail(breaker);
    later(FIRST_REST_MS);
    const probe = breaker.begin();
    expect(breaker.rest()).toMatchObject({ reason: { code: 'backend_empty' } });
    probe.left();
    expect(breaker.rest()).toBeNull();
    await fail(breaker);
    expect(breaker.rest()?.untilMs).toBe(Date.now() + 2 * FIRST_REST_MS);
  });

  it('ends when it answers, also one who asks nevertheless', async () => {
    const breaker = create();
    await fail(breaker);
    const insists = breaker.begin();
    await insists.failed(new HearthError('backend_empty'));
    expect(breaker.rest()?.untilMs).toBe(1_000_000 + FIRST_REST_MS);
    await breaker.begin().answered();
    expect(breaker.rest()).toBeNull();
  });

  it('ends when a clock is set back: nobody knows any more how long it was', async () => {
    const breaker = create();
    await fail(breaker);
    later(-3_600_000);
    expect(breaker.rest()).toBeNull();
  });

  it('of one that could not be reached ends with a look that reaches it, no other', async () => {
    const gone = create();
    await fail(gone, 'backend_unreachable');
    gone.seen();
    expect(gone.rest()).toBeNull();
    const hangs = create();
    await fail(hangs, 'backend_first_token_timeout');
    hangs.seen();
    expect(hangs.rest()).not.toBeNull();
    hangs.reset();
    expect(hangs.rest()).toBeNull();
  });

  it('is told as it begins and as it ends', async () => {
    const seen: boolean[] = [];
    const breaker: Breaker = createBreaker({ onChange: () => seen.push(breaker.rest() !== null) });
    await fail(breaker);
    breaker.reset();
    await fail(breaker);
    later(FIRST_REST_MS);
    await breaker.begin().answered();
    expect(seen).toEqual([true, false, true, false]);
  });

  it('is told in one sentence, with the first one of its reason', async () => {
    const breaker = create();
    await breaker
      .begin()
      .failed(new HearthError('backend_unreachable', { backend: 'Ollama', host: '127.0.0.1:11434' }));
    later(1_500);
    expect(restingInfo('Ollama', breaker.rest()!).params).toEqual({
      backend: 'Ollama',
      seconds: 4,
      reason: 'No Ollama answers at 127.0.0.1:11434.',
      cause: 'backend_unreachable',
    });
  });
});

it('after any history nobody is kept away after the rest, or let in before its end', async () => {
  const step = fc.oneof(
    fc.record({ type: fc.constantFrom('fail', 'refuse', 'answer', 'leave', 'reset', 'seen') }),
    fc.record({ type: fc.constant('wait'), ms: fc.integer({ min: 1, max: 400_000 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, isUnreachable) => {
      const code = isUnreachable ? 'backend_unreachable' : 'backend_garbage';
      const breaker = create();
      /** What should be so: until when it rests, and the rest that follows the next failure. */
      let untilMs: number | null = null;
      let nextMs = FIRST_REST_MS;
      for (const one of steps) {
        const isResting = untilMs !== null && Date.now() < untilMs;
        expect(breaker.rest()?.untilMs ?? null).toBe(isResting ? untilMs : null);
        const heal = () => {
          untilMs = null;
          nextMs = FIRST_REST_MS;
        };
        if ('ms' in one) later(one.ms);
        else if (one.type === 'reset') {
          breaker.reset();
          heal();
        } else if (one.type === 'seen') {
          breaker.seen();
          if (isUnreachable) heal();
        } else {
          const attempt = breaker.begin();
          if (one.type === 'answer') {
            await attempt.answered();
            heal();
          } else if (one.type === 'leave') attempt.left();
          else if (one.type === 'refuse') {
            await attempt.failed(new HearthError('backend_busy'));
            // Busy is well. Who asked while it rested learned nothing new.
            if (!isResting) heal();
          } else {
            await attempt.failed(new HearthError(code));
            if (!isResting) {
              untilMs = Date.now() + nextMs;
              nextMs = Math.min(nextMs * 2, LONGEST_REST_MS);
            }
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});
