// A stream is drawn as often as the computer has time for it beside its engine, and never much later.
import { expect, it } from 'vitest';
import { type Clock, createDrawingPace } from '../../../src/renderer/features/chat/drawing-pace.ts';

const FRAME_MS = 16;

/** A page whose time passes only here. @param costMs of each drawing */
function page({ costMs, isHidden = false }: { costMs: number; isHidden?: boolean }) {
  let nowMs = 0;
  let waiting: { atMs: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    const entry = { atMs: nowMs + ms, run };
    waiting.push(entry);
    return () => {
      waiting = waiting.filter((one) => one !== entry);
    };
  };
  const clock: Clock = {
    now: () => nowMs,
    onFrame: (run) => (isHidden ? () => {} : after(FRAME_MS, run)),
    afterDrawing: (run) => void after(costMs, run),
    after,
  };
  return {
    clock,
    waiting: () => waiting.length,
    pass: (ms: number): void => {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = waiting.toSorted((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > untilMs) break;
        waiting = waiting.filter((one) => one !== next);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = untilMs;
    },
  };
}

/** Text comes all the time: when each batch of it was drawn in the first second. */
function drawnAt(given: Parameters<typeof page>[0], ms = 1_000): number[] {
  const { clock, pass } = page(given);
  const schedule = createDrawingPace(clock);
  const drawn: number[] = [];
  const again = (): void => {
    schedule(() => {
      drawn.push(clock.now());
      again();
    });
  };
  again();
  pass(ms);
  return drawn;
}

it('draws the first words with the next frame', () => {
  expect(drawnAt({ costMs: 40 })[0]).toBe(FRAME_MS);
});

it('draws every frame or two where that costs little', () => {
  expect(drawnAt({ costMs: 0.5 }).length).toBeGreaterThan(30);
});

it('keeps to its share of the time where a drawing is dear', () => {
  const costMs = 5;
  const drawn = drawnAt({ costMs });
  expect((drawn.length * costMs) / 1_000).toBeLessThan(0.06);
  expect(drawn.length).toBeGreaterThan(5);
});

it('holds no word back for long, however dear a drawing is', () => {
  const drawn = drawnAt({ costMs: 60 });
  const gaps = drawn.slice(1).map((at, index) => at - (drawn[index] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(60 + 150 + FRAME_MS);
});

it('draws once a second in a hidden window, which has no frames', () => {
  expect(drawnAt({ costMs: 1, isHidden: true }, 3_500)).toHaveLength(3);
});

it('draws nothing that was called off, and leaves nothing behind', () => {
  const { clock, pass, waiting } = page({ costMs: 20 });
  const schedule = createDrawingPace(clock);
  let drawn = 0;
  schedule(() => (drawn += 1));
  pass(100);
  const callOff = schedule(() => (drawn += 1));
  callOff();
  expect(waiting()).toBe(0);
  pass(2_000);
  expect(drawn).toBe(1);
});
