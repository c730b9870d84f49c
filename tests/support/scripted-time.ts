// Timers that ring when a test says so.
import type { After } from '../../src/main/backends/waiting/after.ts';

export interface ScriptedTime {
  after: After;
  /** How long the timers that wait were set for, in milliseconds. */
  waiting(): number[];
  /** Lets those of this length ring that wait now; returns how many did. */
  ring(ms: number): number;
}

export function scriptedTime(): ScriptedTime {
  let timers: { ms: number; act: () => void }[] = [];
  return {
    after(ms, act) {
      const timer = { ms, act };
      timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
    waiting: () => timers.map(({ ms }) => ms),
    ring(ms) {
      const due = timers.filter((one) => one.ms === ms);
      timers = timers.filter((one) => !due.includes(one));
      for (const { act } of due) act();
      return due.length;
    },
  };
}
