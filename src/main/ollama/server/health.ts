// Whether a server that was ready still answers: one that hangs holds its port and its memory and tells nobody.
import { untilItAnswers } from './ready.ts';

export interface HealthLimits {
  /** Between two looks. */
  everyMs: number;
  /** How long a look waits. */
  lookMs: number;
  /** So many looks in a row without an answer mean that it hangs. */
  misses: number;
}

export interface HealthWatch {
  /** Looks now instead of at the next time. */
  checkNow(): void;
  end(): void;
}

/** @param onHung called once, when it has not answered for `misses` times `lookMs`; the watch has ended then */
export function watchHealth(host: string, limits: HealthLimits, onHung: () => void): HealthWatch {
  const port = Number(host.split(':').at(-1));
  const life = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  async function look(): Promise<void> {
    isLooking = true;
    // One look is no proof: the computer may have slept in the middle of it.
    for (let misses = 0; misses < limits.misses; misses += 1) {
      if (await answersWithin(limits.lookMs)) {
        isLooking = false;
        return wait();
      }
      if (life.signal.aborted) return;
    }
    life.abort();
    onHung();
  }

  async function answersWithin(lookMs: number): Promise<boolean> {
    const asking = new AbortController();
    const giveUp = (): void => asking.abort();
    const limit = setTimeout(giveUp, lookMs);
    life.signal.addEventListener('abort', giveUp, { once: true });
    try {
      await untilItAnswers(port, asking.signal, { attemptMs: lookMs });
      return true;
    } catch {
      // Not within its time, or nobody wants to know any more.
      return false;
    } finally {
      clearTimeout(limit);
      life.signal.removeEventListener('abort', giveUp);
    }
  }

  function wait(): void {
    if (life.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), limits.everyMs);
  }

  wait();
  return {
    checkNow() {
      if (isLooking || life.signal.aborted) return;
      clearTimeout(timer);
      void look();
    },
    end() {
      clearTimeout(timer);
      life.abort();
    },
  };
}
