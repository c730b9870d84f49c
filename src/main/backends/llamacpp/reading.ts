// What is told of a prompt that the engine reads: how far it is, and about how long all of it takes.
import type { Reading } from '../../../contract/chat.ts';
import type { Progress } from './progress.ts';

export type ReadingEvent = { type: 'reading' } & Reading;

/** What takes half as long again as first expected, and some seconds more, is longer than usual. */
const LATE_FACTOR = 1.5;
const LATE_MS = 5_000;

/**
 * @param lateMs from here on it is late, where nothing better is known
 * @returns the event for what the engine has told so long after the question; null where it says nothing new
 */
export function createReadingTeller(
  model: string,
  lateMs: number,
): (progress: Progress, waitedMs: number) => ReadingEvent | null {
  let told: ReadingEvent | null = null;
  let toldRead = 0;
  let firstExpectedMs: number | null = null;
  let expectedMs: number | null = null;
  return ({ keptTokens, readTokens, promptTokens }, waitedMs) => {
    const hasRead = toldRead !== readTokens;
    const share = (readTokens - keptTokens) / (promptTokens - keptTokens);
    if (hasRead && share > 0) expectedMs = Math.round(waitedMs / share);
    firstExpectedMs ??= expectedMs;
    const usualMs = firstExpectedMs === null ? 0 : Math.max(firstExpectedMs * LATE_FACTOR, firstExpectedMs + LATE_MS);
    const isLate = waitedMs > Math.max(lateMs, usualMs);
    if (told !== null && !hasRead && told.isLate === isLate) return null;
    toldRead = readTokens;
    told = {
      type: 'reading',
      model,
      tokens: promptTokens,
      readTokens: readTokens || null,
      expectedMs,
      isLate,
      behind: null,
    };
    return told;
  };
}
