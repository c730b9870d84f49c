// What a place that waits for a model tells of its download: how far it is, and while nothing moves why not and what comes next.
import type { Download } from '../../../contract/downloads.ts';
import { useNowMs } from '../../lib/index.ts';
import { downloadText, isMoving, reasonOf } from './download-text.ts';

interface DownloadWords {
  text: string;
  /** Why nothing moves; null where it moves, or nobody knows. */
  why: string | null;
}

/** Told anew each second while nothing moves. */
export function useDownloadWords(download: Download): DownloadWords {
  const { state, step } = download;
  const isStill = state === 'stalled' || (state === 'running' && (step === 'manifest' || !isMoving(download)));
  const nowMs = useNowMs(isStill ? 1_000 : null);
  return { text: downloadText(download, { nowMs }), why: reasonOf(download) };
}
