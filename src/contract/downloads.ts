// Models on their way to this computer.
import { z } from 'zod';
import { ErrorInfo } from './errors.ts';

export const DownloadId = z.uuid().brand<'DownloadId'>();
export type DownloadId = z.infer<typeof DownloadId>;

/**
 * `waiting` for its turn, `running`, `stalled` (nothing arrives; tried again at `retryAtMs`), `paused` by the user, `failed`
 * (needs the user), `done`. One that is cancelled is gone from the list.
 */
export const DownloadState = z.enum(['waiting', 'running', 'stalled', 'paused', 'failed', 'done']);
export type DownloadState = z.infer<typeof DownloadState>;

export const Download = z.object({
  id: DownloadId,
  /** As it was asked for, for example `llama3.2:3b` or `hf.co/someone/model:Q4_K_M`. */
  model: z.string(),
  state: DownloadState,
  /** `manifest`, `layers`, `verifying`, `writing` while running; null otherwise. */
  step: z.enum(['manifest', 'layers', 'verifying', 'writing']).nullable(),
  /** Over all layers that are known; null before the first. Never shrinks while running. */
  totalBytes: z.number().nullable(),
  completedBytes: z.number(),
  /** 0 to 1, never decreasing over the life of a download; 1 only when it is done. */
  progress: z.number().min(0).max(1),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** When bytes came last, or the attempt began, in milliseconds since 1970; null while none are waited for. */
  heardAtMs: z.number().nullable(),
  /** How often it has been tried again since bytes came last. */
  attempt: z.number().int(),
  retryAtMs: z.number().nullable(),
  problem: ErrorInfo.nullable(),
  createdAtMs: z.number(),
  finishedAtMs: z.number().nullable(),
});
export type Download = z.infer<typeof Download>;

export const DownloadsStatus = z.object({
  /** In the order in which they run; finished ones last, newest first. */
  downloads: z.array(Download),
  /** How many run at once. */
  parallel: z.number().int(),
});
export type DownloadsStatus = z.infer<typeof DownloadsStatus>;

export const MODEL_NAME_MAX_CHARS = 300;
export const ModelName = z.string().trim().min(1).max(MODEL_NAME_MAX_CHARS);

export const AddDownloadInput = z.object({
  model: ModelName,
  /** Allows plain http, for a registry of one's own. */
  isInsecure: z.boolean().default(false),
});
export type AddDownloadInput = z.infer<typeof AddDownloadInput>;
