// Looks again and again while somebody can see what is found, and not at all otherwise.

/** How often the state of the backends is looked at while somebody can see it. */
const INTERVAL_MS = 30_000;

export interface Poll {
  setWatched(isWatched: boolean): void;
  /** Idempotent; nothing is looked at afterwards. */
  stop(): void;
}

export interface PollOptions {
  look: () => Promise<void>;
  intervalMs?: number;
  /** Milliseconds of any clock. */
  now?: () => number;
}

/** No look begins while one is under way. One begins at once when the last is too long ago as somebody comes to see. */
export function createPoll({ look, intervalMs = INTERVAL_MS, now = Date.now }: PollOptions): Poll {
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  let isLooking = false;
  let lookedAtMs = now();

  async function lookOnce(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    lookedAtMs = now();
    try {
      await look();
    } finally {
      isLooking = false;
    }
  }

  function end(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
  }

  return {
    setWatched(isWatched) {
      if (isStopped || isWatched === (timer !== null)) return;
      if (!isWatched) return end();
      timer = setInterval(() => void lookOnce(), intervalMs);
      if (now() - lookedAtMs >= intervalMs) void lookOnce();
    },
    stop() {
      isStopped = true;
      end();
    },
  };
}
