// When what has arrived of an answer is drawn: at the next frame, after a pause that leaves the computer to the engine.
//
// An engine on this computer and its window share the same few cores. Text that is drawn sixty times a second takes a quarter
// of a core on a slow one, and nobody reads it so fast. So each drawing is measured, and the next one waits until drawing has
// had its share of the time: a fast computer draws every frame or two, a slow one some ten times a second.

/** Calls `flush` once, soon; returns how to call that off. */
export type Schedule = (flush: () => void) => () => void;

/** Of the time of the page's thread. Putting the picture on the screen costs about as much again, in other processes. */
const DRAWING_SHARE = 0.05;
/** However dear a drawing was, words are never held back longer than this. */
const PAUSE_MAX_MS = 150;
/** A hidden window gets no frames: then a batch is applied after this many milliseconds. */
const HIDDEN_FLUSH_MS = 1_000;

export interface Clock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Calls back in the next frame; returns how to call that off. */
  onFrame(run: () => void): () => void;
  /** Calls back once all that follows from what was done in this frame has been done. */
  afterDrawing(run: () => void): void;
  after(ms: number, run: () => void): () => void;
}

/** Of one stream: the first call comes with the next frame, and the others by what the ones before have cost. */
export function createDrawingPace(clock: Clock = ofThePage): Schedule {
  /** Infinity while something is being drawn. */
  let restsUntilMs = -Infinity;
  /** Called when it is known how long to rest. */
  let onKnown = () => {};

  function draw(flush: () => void): void {
    const beganMs = clock.now();
    restsUntilMs = Infinity;
    flush();
    clock.afterDrawing(() => {
      const costMs = clock.now() - beganMs;
      restsUntilMs = clock.now() + Math.min(PAUSE_MAX_MS, costMs / DRAWING_SHARE - costMs);
      onKnown();
    });
  }

  return (flush) => {
    let callOff = () => {};
    const wait = () => {
      const pauseMs = restsUntilMs - clock.now();
      if (pauseMs <= 0) callOff = clock.onFrame(run);
      else if (pauseMs === Infinity) onKnown = wait;
      else callOff = clock.after(pauseMs, wait);
    };
    const callOffHidden = clock.after(HIDDEN_FLUSH_MS, run);
    function cancel(): void {
      onKnown = () => {};
      callOff();
      callOffHidden();
    }
    function run(): void {
      cancel();
      draw(flush);
    }
    wait();
    return cancel;
  };
}

const ofThePage: Clock = {
  now: () => performance.now(),
  onFrame(run) {
    const frame = requestAnimationFrame(run);
    return () => cancelAnimationFrame(frame);
  },
  afterDrawing(run) {
    // Parts of it are done after the frame: it is over when the page has nothing to do.
    requestIdleCallback(run, { timeout: HIDDEN_FLUSH_MS });
  },
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
