// Hearth itself: is it up, what should the user know.
import { z } from 'zod';
import { ErrorInfo } from './errors.ts';

/**
 * `starting`: services come up. `ready`: everything works. `blocked`: the history can't be opened; `problem` says why and
 * what to do, and `app.retry` tries again.
 */
export const AppPhase = z.enum(['starting', 'ready', 'blocked']);
export type AppPhase = z.infer<typeof AppPhase>;

/** Something the user should know that does not stop the work, for example a settings file that was put aside. */
export const Notice = z.object({ id: z.string(), info: ErrorInfo });
export type Notice = z.infer<typeof Notice>;

export const AppStatus = z.object({
  phase: AppPhase,
  problem: ErrorInfo.nullable(),
  notices: z.array(Notice),
  version: z.string(),
  platform: z.string(),
  dataFolder: z.string(),
});
export type AppStatus = z.infer<typeof AppStatus>;

/** What `hearth doctor` asks about the history. */
export const HistoryReport = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  schemaVersion: z.number().int(),
  sqliteVersion: z.string(),
  conversations: z.number().int(),
  messages: z.number().int(),
  /** What SQLite's quick_check found; empty when the file is sound. */
  problems: z.array(z.string()),
});
export type HistoryReport = z.infer<typeof HistoryReport>;
