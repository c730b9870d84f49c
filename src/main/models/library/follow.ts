// Keeps the inventory up to date: when Ollama comes or goes, and, while somebody watches, for what is in memory.
import type { Inventory } from './inventory.ts';
import type { FollowedEngine } from './own-engine.ts';

export interface Follower {
  start(): void;
  /** A model in memory goes by itself after a while: looked for only as long as somebody watches. */
  setWatched(isWatched: boolean): void;
  stop(): void;
}

/** A question and its answer change the engine's state several times in a second. */
const SETTLE_MS = 500;

export function createFollower(options: {
  engine: FollowedEngine;
  inventory: Pick<Inventory, 'lookAnew' | 'lookAtLoaded'>;
  pollMs: number;
}): Follower {
  const { engine, inventory, pollMs } = options;
  let stopFollowing: (() => void) | null = null;
  let poll: NodeJS.Timeout | null = null;
  let settling: NodeJS.Timeout | null = null;
  let wasReady = false;
  let isWatched = false;
  let isStopped = false;

  function onEngine(): void {
    const isReady = engine.isReady();
    if (isReady !== wasReady) {
      wasReady = isReady;
      void inventory.lookAnew();
    } else if (isReady && isWatched) {
      settling ??= setTimeout(() => {
        settling = null;
        void inventory.lookAtLoaded();
      }, SETTLE_MS);
    }
  }

  return {
    start() {
      wasReady = engine.isReady();
      stopFollowing = engine.onChange(onEngine);
    },
    setWatched(given) {
      if (isStopped) return;
      // What nobody watched may have changed meanwhile.
      if (given && !isWatched) void inventory.lookAtLoaded();
      isWatched = given;
      if (!given && poll !== null) clearInterval(poll);
      if (!given) poll = null;
      else poll ??= setInterval(() => void inventory.lookAtLoaded(), pollMs);
    },
    stop() {
      isStopped = true;
      stopFollowing?.();
      stopFollowing = null;
      if (poll !== null) clearInterval(poll);
      if (settling !== null) clearTimeout(settling);
      poll = settling = null;
    },
  };
}
