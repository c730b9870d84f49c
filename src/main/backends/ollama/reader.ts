// How fast a model of a server reads prompts, and what it still reads that nobody waits for any more.
import { slowMs } from '../waiting/reading-time.ts';

/** The share of the newest reading in the mean. */
const NEWEST_SHARE = 0.3;
/** Of fewer tokens the start weighs more than the reading. */
const LEARNED_FROM_TOKENS = 100;
/** What is read so many times faster than before was mostly in the engine's cache. */
const CACHED_FACTOR = 3;
/** One model of one server. */
export interface Reader {
  /** Null before it has read anything long. */
  expectedMs(tokens: number): number | null;
  /** It has read so many tokens in so long. */
  learn(tokens: number, ms: number): void;
  /** A question was left before its first word: Ollama reads its prompt to the end all the same. */
  leave(tokens: number, readForMs: number): void;
  /** About how long it still reads what was left; 0 where nothing is left. */
  restMs(): number;
  /** Nothing of what was left is read any more. */
  free(): void;
  /** Whether it was seen to answer without standing in the list of models in memory under its own name. */
  runsUnderAnotherName: boolean;
}

/** @param now milliseconds of a clock that never goes back */
export function createReader(now: () => number): Reader {
  let msPerToken: number | null = null;
  let freeAtMs = 0;
  const expectedMs = (tokens: number) => (msPerToken === null ? null : Math.round(tokens * msPerToken));
  return {
    expectedMs,
    learn(tokens, ms) {
      if (tokens < LEARNED_FROM_TOKENS || ms <= 0) return;
      const newest = ms / tokens;
      if (msPerToken === null) msPerToken = newest;
      else if (newest * CACHED_FACTOR >= msPerToken) msPerToken += NEWEST_SHARE * (newest - msPerToken);
    },
    leave(tokens, readForMs) {
      const leftMs = (expectedMs(tokens) ?? slowMs(tokens)) - readForMs;
      freeAtMs = Math.max(freeAtMs, now() + Math.max(0, leftMs));
    },
    restMs: () => Math.max(0, freeAtMs - now()),
    free() {
      freeAtMs = 0;
    },
    runsUnderAnotherName: false,
  };
}
