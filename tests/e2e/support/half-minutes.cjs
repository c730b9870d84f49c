// Loaded into Electron before Hearth: half a minute passes when a test says so, for all that happens every half minute.
const { setInterval, clearInterval } = globalThis;
const HALF_A_MINUTE_MS = 30_000;
const everyHalfMinute = new Map();

globalThis.setInterval = (run, ms, ...args) => {
  const timer = setInterval(run, ms, ...args);
  if (ms === HALF_A_MINUTE_MS) everyHalfMinute.set(timer, () => run(...args));
  return timer;
};
globalThis.clearInterval = (timer) => {
  everyHalfMinute.delete(timer);
  clearInterval(timer);
};
globalThis.passHalfMinute = () => {
  for (const run of everyHalfMinute.values()) run();
};
