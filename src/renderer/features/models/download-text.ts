// How far a download is, in a few words: for rows, cards and menus.
import type { ErrorCode } from '../../../contract/errors.ts';
import type { Download } from '../../../contract/downloads.ts';
import { bytesText, i18n, NO_BREAK, secondsText } from '../../lib/index.ts';

/** Whether bytes come in, as far as is known: only then is its bar ember. A reason that is still told means that none has come since. */
export function isMoving({ state, bytesPerSecond, problem }: Download): boolean {
  return state === 'running' && problem === null && !isSilent(bytesPerSecond);
}

/** Whether nothing arrives; a speed that is not known yet is no silence. */
function isSilent(bytesPerSecond: number | null): boolean {
  return bytesPerSecond !== null && bytesPerSecond < 1;
}

/** A pause between two pieces is shorter. */
const SILENCE_TOLD_FROM_S = 5;

export interface DownloadTextOptions {
  /** Tells when a stalled one is tried again, and for how long nothing has come. */
  nowMs?: number;
  /** Tells how many come before a waiting one: 2 is the next after the one that runs. */
  place?: number;
}

/** For example `1.3 of 2.0 GB · 24 MB/s · 30 s left`, or why nothing moves. What failed says so in its own sentence. */
export function downloadText(download: Download, { nowMs, place }: DownloadTextOptions = {}): string {
  const { state, step, totalBytes, completedBytes, bytesPerSecond, secondsLeft, retryAtMs } = download;
  const got = totalBytes === null ? null : shareText(completedBytes, totalBytes);
  const at = (words: string) => (got === null ? words : i18n.t('models:progress.at', { words, got }));
  switch (state) {
    case 'waiting': {
      const words = place === undefined ? 'models:progress.waiting' : 'models:progress.place';
      return [i18n.t(words, { count: place, ordinal: true }), completedBytes > 0 ? got : null]
        .filter(Boolean)
        .join(' · ');
    }
    case 'stalled': {
      const stalled = i18n.t('models:progress.stalled');
      const where =
        got === null ? stalled : i18n.t('models:progress.at', { words: stalled, got: bytesText(completedBytes) });
      if (nowMs === undefined || retryAtMs === null) return i18n.t('models:progress.retrySoon', { where });
      if (nowMs >= retryAtMs) return i18n.t('models:progress.retryNow', { where });
      return i18n.t('models:progress.retryIn', { where, time: secondsText((retryAtMs - nowMs) / 1_000) });
    }
    case 'paused':
      return at(i18n.t('models:progress.paused'));
    case 'failed':
      return at(i18n.t('models:progress.failed'));
    case 'done':
      return i18n.t('models:progress.done', { size: bytesText(totalBytes ?? completedBytes) });
    case 'running':
      break;
    default:
      return state satisfies never;
  }
  if (step === 'verifying') return i18n.t('models:progress.verifying');
  if (step === 'writing') return i18n.t('models:progress.writing');
  const silence = silenceText(download, nowMs);
  if (got === null) return silence ?? i18n.t('models:progress.manifest');
  if (isSilent(bytesPerSecond)) return [got, silence ?? i18n.t('models:progress.silent')].join(' · ');
  const speed = bytesPerSecond === null ? null : i18n.t('models:progress.speed', { speed: bytesText(bytesPerSecond) });
  const left = secondsLeft === null ? null : i18n.t('models:progress.left', { time: secondsText(secondsLeft) });
  return [got, speed, left].filter(Boolean).join(' · ');
}

/** For how long nothing has come; null where that is not worth telling. */
function silenceText({ totalBytes, heardAtMs }: Download, nowMs: number | undefined): string | null {
  if (heardAtMs === null || nowMs === undefined) return null;
  const seconds = (nowMs - heardAtMs) / 1_000;
  if (seconds < SILENCE_TOLD_FROM_S) return null;
  const words = totalBytes === null ? 'models:progress.manifestSilent' : 'models:progress.silentFor';
  return i18n.t(words, { time: secondsText(seconds) });
}

/** `1.3 of 2.0 GB`; the unit stands once where both have it. */
export function shareText(part: number, whole: number): string {
  const all = bytesText(whole);
  const some = bytesText(part);
  const [number, unit] = some.split(NO_BREAK);
  return i18n.t('models:progress.of', { part: all.split(NO_BREAK)[1] === unit ? number : some, whole: all });
}

/** Why nothing arrives, in a few words for where a sentence has no room; null where nothing is known. */
export function causeText({ problem }: Download): string | null {
  if (problem === null) return null;
  const { code, params } = problem;
  const host = params['host'] ?? '';
  // Everything else is about the Ollama that fetches it.
  const words = CAUSES[code] ?? (code.startsWith('pull_') ? 'other' : 'ollama');
  return i18n.t(`models:cause.${words}`, { host });
}

const CAUSES: Partial<Record<ErrorCode, 'network' | 'disk' | 'refused' | 'damaged' | 'unknown'>> = {
  pull_no_network: 'network',
  pull_no_space: 'disk',
  pull_refused: 'refused',
  pull_digest_mismatch: 'damaged',
  pull_not_found: 'unknown',
};

/** Why it failed, or why it is tried again, which stays told until bytes come; null where there is nothing to tell. */
export function reasonOf({ state, problem }: Download): string | null {
  if (problem === null) return null;
  if (state === 'failed') return problem.message;
  if (state !== 'stalled' && state !== 'running') return null;
  return i18n.t('models:progress.triedAgain', { reason: problem.message });
}
