// The times of the downloads in one place; tests give shorter ones.

export interface DownloadLimits {
  /** No new byte for so long: the connection is given up and tried again. */
  stallMs: number;
  /** How long Ollama may take to answer, started where it has to be. */
  openMs: number;
  /** The wait before the first further attempt; doubled for each one more, up to `retryMaxMs`. */
  retryMs: number;
  retryMaxMs: number;
  /** Progress is written down at most so often. */
  keepEveryMs: number;
  /** Progress is told at most so often. */
  tellEveryMs: number;
  /** How long `close` waits for the last writes. */
  closeMs: number;
}

export const LIMITS: DownloadLimits = {
  stallMs: 30_000,
  openMs: 120_000,
  retryMs: 2_000,
  retryMaxMs: 60_000,
  keepEveryMs: 2_000,
  tellEveryMs: 250,
  closeMs: 3_000,
};
