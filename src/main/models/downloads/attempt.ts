// One attempt at a download: finds Ollama, asks it to pull, and ends the attempt when nothing new comes any more.
import type { Download } from '../../../contract/downloads.ts';
import type { Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { OLLAMA_LABEL, type Places, pullModel } from '../../ollama/index.ts';
import type { Progress } from './progress.ts';
import { watchSilence } from './silence.ts';
import { nothingArrives } from './trouble.ts';

export interface AttemptOptions {
  model: string;
  isInsecure: boolean;
  places: Pick<Places, 'open'>;
  fetch: Fetch;
  progress: Progress;
  /** No new byte for so long, although records come, means that the registry is away. */
  stallMs: number;
  /** How long Ollama may take to answer at all, started by us where it has to be. */
  openMs: number;
  onStep: (step: NonNullable<Download['step']>) => void;
  onBytes: (bytes: { arrivedBytes: number; newBytes: number }) => void;
}

/** Slower than any disk that one would keep models on: checking the sum of a file says nothing until it is done. */
const CHECKED_BYTES_PER_MS = 20_000;

/** Resolves when the model is here. Rejects with what ended the attempt (see trouble.ts), or the signal's reason. */
export async function pullOnce(options: AttemptOptions, signal: AbortSignal): Promise<void> {
  const { model, isInsecure, places, fetch, progress, stallMs, openMs, onStep, onBytes } = options;
  const watch = watchSilence(signal);
  try {
    watch.allow(openMs, () => silentFor(openMs));
    const { origin, host } = await places.open(watch.signal);
    watch.allow(stallMs, () => nothingArrives(model));
    progress.beginAttempt();
    for await (const record of pullModel({ fetch, origin, host, model, isInsecure }, watch.signal)) {
      switch (record.type) {
        case 'manifest':
          break;
        case 'layer': {
          const bytes = progress.take(record);
          if (bytes.isNewLayer || bytes.arrivedBytes > 0) watch.heard();
          onStep('layers');
          onBytes(bytes);
          break;
        }
        case 'verifying':
        case 'writing': {
          const limitMs = stallMs + (progress.totalBytes() ?? 0) / CHECKED_BYTES_PER_MS;
          watch.allow(limitMs, () => silentFor(limitMs));
          onStep(record.type);
          break;
        }
        case 'success':
          return;
      }
    }
  } finally {
    watch.end();
  }
}

function silentFor(ms: number): HearthError {
  return new HearthError('backend_silent', { backend: OLLAMA_LABEL, seconds: Math.round(ms / 1000) });
}
