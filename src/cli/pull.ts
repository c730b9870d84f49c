// `hearth pull`: makes sure a model is here, and shows how it comes.
import type { Download } from '../contract/downloads.ts';
import { HearthError } from '../main/errors/index.ts';
import { text } from '../main/words/index.ts';
import { sizeForPeople } from './checks/finding.ts';
import type { HearthClient } from './connect.ts';
import { durationText, movingText } from './describe-numbers.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { codeOf } from './failure.ts';
import { withoutControl } from './output.ts';
import { createProgressLine } from './progress-line.ts';

/** What comes after the bytes has to be done too. */
const BYTES_SHARE = 0.99;

export interface PullOptions {
  model: string;
  isFresh: boolean;
  isInsecure: boolean;
  /** Another Hearth fetches it, and goes on when this terminal leaves. */
  isShared: boolean;
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  signal: AbortSignal;
  now?: () => number;
}

/** Rejects with what the services reject with. */
export async function pull(client: HearthClient, options: PullOptions): Promise<ExitCode> {
  const { model, isFresh, isInsecure, stderr, signal } = options;
  const tell = (line: string) => void stderr.write(`${withoutControl(line)}\n`);
  const result = await client.models.ensure({ model, isFresh, isInsecure }, { signal }).catch((error: unknown) => {
    if (codeOf(error) === 'ollama_not_installed') return null;
    throw error;
  });
  if (result === null) {
    tell(text('cli:pull.noOllama', { model }));
    tell(await wayToOllama(client, model));
    return EXIT.failed;
  }
  if (result.type === 'present') {
    tell(text(result.wasChecked ? 'cli:pull.newest' : 'cli:pull.present', { model }));
    return EXIT.answered;
  }
  if (result.reason === 'outdated') tell(text('cli:pull.outdated', { model }));
  const progress = createProgressLine(stderr);
  let last = result.download;
  let share = 0;
  try {
    for await (const found of downloadOf(client, last, options)) {
      if (found === null) return stopped(text('cli:pull.cancelled', { model }));
      last = found;
      share = Math.max(share, shareOf(last));
      progress.show(lineFor(last, share, (options.now ?? Date.now)()), `${last.state} ${last.step ?? ''}`, share);
      if (last.state === 'done') {
        progress.end();
        tell(text('cli:pull.done', { model, size: sizeForPeople(last.totalBytes ?? last.completedBytes) }));
        return EXIT.answered;
      }
      if (last.state === 'failed') return stopped(last.problem?.message ?? text('cli:pull.failed', { model }));
      if (last.state === 'paused') return stopped(text('cli:pull.pausedElsewhere', { model }));
    }
  } finally {
    progress.end();
  }
  if (!signal.aborted) throw new HearthError('stream_cut', { backend: 'Hearth' });
  return leave(client, last, { ...options, tell });

  function stopped(line: string): ExitCode {
    progress.end();
    tell(line);
    return EXIT.failed;
  }
}

/** Hearth can install one on most systems. */
async function wayToOllama(client: HearthClient, model: string): Promise<string> {
  const { offer } = await client.install.status();
  if (offer === null) return text('cli:pull.noOllamaUnknown', { model });
  return text('cli:pull.noOllamaNext', { model, size: sizeForPeople(offer.sizeBytes) });
}

/** The download at every change, null when it is off the list; ends with the signal, or when Hearth is gone. */
async function* downloadOf(
  client: HearthClient,
  { id }: Download,
  { signal }: PullOptions,
): AsyncGenerator<Download | null, void> {
  try {
    for await (const { downloads } of await client.downloads.watch(undefined, { signal })) {
      yield downloads.find((one) => one.id === id) ?? null;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Ctrl C: what another Hearth fetches goes on there; what this one fetches is kept for the next time. */
async function leave(
  client: HearthClient,
  download: Download,
  { model, isShared, tell }: PullOptions & { tell: (line: string) => void },
): Promise<ExitCode> {
  if (isShared) {
    tell(text('cli:pull.goesOn', { model }));
    return EXIT.interrupted;
  }
  const { state, completedBytes } = await client.downloads.pause({ id: download.id });
  // It may have arrived in this very moment.
  tell(text(`cli:pull.${state === 'done' ? 'done' : 'paused'}`, { model, size: sizeForPeople(completedBytes) }));
  return EXIT.interrupted;
}

/**
 * How far it is. The download's own number waits for the disk, so that no death of Hearth moves a bar back; beside bytes that
 * are told as they come that would look wrong here, where nothing is shown after a death.
 */
function shareOf({ progress, state, totalBytes, completedBytes }: Download): number {
  if (state === 'done' || totalBytes === null || totalBytes === 0) return progress;
  return Math.max(progress, Math.min(BYTES_SHARE, completedBytes / totalBytes));
}

function lineFor(download: Download, share: number, nowMs: number): string {
  const { model, state, step, retryAtMs, totalBytes, completedBytes, problem } = download;
  const trouble = problem?.code === 'pull_digest_mismatch' ? 'damaged' : 'stalled';
  const moving = movingText({
    ...download,
    receivedBytes: completedBytes,
    progress: totalBytes === null ? null : share,
  });
  const words =
    state === 'stalled'
      ? text(`cli:pull.${trouble}`, { time: durationText(retryAtMs === null ? 0 : (retryAtMs - nowMs) / 1_000) })
      : state === 'waiting'
        ? text('cli:pull.waiting')
        : step === null || step === 'layers'
          ? ''
          : text(`cli:pull.step.${step}`);
  return [model, moving, words].filter((part) => part !== '').join('  ');
}
