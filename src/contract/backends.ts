// The engines that can answer, and how they are.
import { z } from 'zod';
import { BackendKind } from './conversations.ts';
import { ErrorInfo } from './errors.ts';

export const ModelInfo = z.object({
  /** The name to ask for, for example `llama3.2:3b`. */
  name: z.string(),
  sizeBytes: z.number().nullable(),
  family: z.string().nullable(),
  /** For example `3.2B`. */
  parameters: z.string().nullable(),
  quantization: z.string().nullable(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

/** `asleep`: would work, but is not running now (it starts when first asked). */
export const BackendState = z.enum(['checking', 'starting', 'ready', 'asleep', 'unavailable', 'off']);
export type BackendState = z.infer<typeof BackendState>;

export const BackendStatus = z.object({
  kind: BackendKind,
  label: z.string(),
  url: z.string(),
  host: z.string().nullable(),
  state: BackendState,
  /** Whether Hearth started this engine and will end it. */
  isOwned: z.boolean(),
  version: z.string().nullable(),
  latencyMs: z.number().nullable(),
  models: z.array(ModelInfo),
  /** Why it is unavailable. */
  problem: ErrorInfo.nullable(),
});
export type BackendStatus = z.infer<typeof BackendStatus>;

export const BackendsStatus = z.object({
  /** In the order in which they are tried. */
  backends: z.array(BackendStatus),
  /** Which one the next question goes to, and with which model. */
  chosen: z.object({ kind: BackendKind, label: z.string(), model: z.string().nullable() }),
  isChecking: z.boolean(),
});
export type BackendsStatus = z.infer<typeof BackendsStatus>;

/** What the queue is doing, per backend. */
export const QueueStatus = z.object({
  lanes: z.array(z.object({ lane: z.string(), running: z.number().int(), waiting: z.number().int() })),
});
export type QueueStatus = z.infer<typeof QueueStatus>;
