// When an engine of ours that nobody asks any more gives its memory back.
import { after as afterMs, type After } from './after.ts';

const MINUTE_MS = 60_000;

export interface Idle {
  /**
   * Somebody needs the engine, from now until what comes back is called.
   * @returns told how many minutes it stays after this use (0: not at all, -1: for ever); absent: as the settings say
   */
  use(): (keepMinutes?: number) => void;
  isInUse(): boolean;
  /** The settings have changed: the wait begins anew with their minutes. */
  renew(): void;
  stop(): void;
}

export function createIdle(options: {
  /** `llamacpp.idleMinutes`. */
  minutes: () => number;
  /** Called when nobody has needed it for that long; never while somebody does. */
  onIdle: () => void;
  after?: After;
}): Idle {
  const { minutes, onIdle, after = afterMs } = options;
  let uses = 0;
  let isStopped = false;
  let cancel = (): void => {};

  function wait(keepMinutes: number): void {
    cancel();
    if (!isStopped && uses === 0 && keepMinutes >= 0) cancel = after(keepMinutes * MINUTE_MS, onIdle);
  }

  return {
    use() {
      uses += 1;
      cancel();
      let isOver = false;
      return (keepMinutes = minutes()) => {
        if (isOver) return;
        isOver = true;
        uses -= 1;
        wait(keepMinutes);
      };
    },
    isInUse: () => uses > 0,
    renew: () => wait(minutes()),
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
