// Something that happens later, unless it is taken back. It keeps no process alive.

/** Calls `act` once after `ms` milliseconds; what comes back takes that back. */
export type After = (ms: number, act: () => void) => () => void;

/** What a timer of Node can wait for at most (24 days); with more it would ring at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export const after: After = (ms, act) => {
  const timer = setTimeout(act, Math.min(ms, TIMER_MAX_MS)).unref();
  return () => clearTimeout(timer);
};
