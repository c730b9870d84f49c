// A server that asks for a moment: it is waited for within the question, and told as that.
import { setTimeout as sleep } from 'node:timers/promises';
import { HearthError } from '../../errors/index.ts';
import type { ChatEvent } from '../interface.ts';

/** A longer wait is told instead: another backend may answer sooner. */
export const SHORT_WAIT_MS = 5_000;
/** A server that asks again and again is busy. */
const WAITS_MAX = 2;

/** Of one question. */
export interface ShortWaits {
  /**
   * Waits as long as the server asked for. Rejects with the failure where it asked for none, for a long one or too often;
   * with the signal's reason when that aborts.
   */
  through(failure: unknown, signal: AbortSignal): AsyncGenerator<ChatEvent, void>;
}

/** @param model that is asked, or what stands for it */
export function createShortWaits(model: string): ShortWaits {
  let waits = 0;
  return {
    async *through(failure, signal) {
      const ms = askedWaitMs(failure);
      if (ms === null || ms > SHORT_WAIT_MS || waits >= WAITS_MAX) throw failure;
      waits += 1;
      const reading = { type: 'reading', model, tokens: 0, readTokens: null, isLate: false } as const;
      yield { ...reading, expectedMs: ms, behind: 'limit' };
      try {
        await sleep(ms, undefined, { signal });
      } catch (error) {
        // The sleep rejects with an error of its own.
        signal.throwIfAborted();
        throw error;
      }
      yield { ...reading, expectedMs: null, behind: null };
    },
  };
}

/** How long the server that failed so asks to be left alone; null where it asks for no wait. */
export function askedWaitMs(failure: unknown): number | null {
  if (!(failure instanceof HearthError) || failure.code !== 'backend_wait') return null;
  return Number(failure.params.waitMs);
}
