// The Ollama that answers: who runs it, how it is, what it says in its log, and getting one installed.
import { z } from 'zod';
import { ErrorInfo } from './errors.ts';

/** Who started the Ollama that answers: Hearth, somebody else (a service, the user, another machine), or there is none. */
export const EngineOwner = z.enum(['hearth', 'other', 'none']);
export type EngineOwner = z.infer<typeof EngineOwner>;

/**
 * `absent`: none answers and none is installed. `stopped`: one could be started. `restarting`: it ended by itself and is
 * started again at `restart.atMs`. `failed`: Hearth gave up; `problem` says why.
 */
export const EngineState = z.enum(['absent', 'stopped', 'starting', 'ready', 'restarting', 'stopping', 'failed']);
export type EngineState = z.infer<typeof EngineState>;

/** What it does right now for Hearth. */
export const EngineActivity = z.object({ type: z.enum(['loading', 'answering']), model: z.string() });
export type EngineActivity = z.infer<typeof EngineActivity>;

export const EngineStatus = z.object({
  owner: EngineOwner,
  state: EngineState,
  /** Empty when idle. */
  activity: z.array(EngineActivity),
  /** `host:port` while it answers. */
  host: z.string().nullable(),
  version: z.string().nullable(),
  /** Of our own child. */
  pid: z.number().int().nullable(),
  startedAtMs: z.number().nullable(),
  /** The executable that runs or would be started. */
  program: z.string().nullable(),
  /** Whether that executable is the one Hearth installed. */
  isOwnInstallation: z.boolean(),
  /** Why it failed, or why it is started again. */
  problem: ErrorInfo.nullable(),
  /** What it said last before it ended by itself; empty otherwise. */
  lastLines: z.array(z.string()),
  restart: z.object({ attempt: z.number().int(), limit: z.number().int(), atMs: z.number() }).nullable(),
  /** The user stopped it: nothing but a question or `start` wakes it. */
  isHeld: z.boolean(),
  /** Settings have changed since it was started; a restart applies them. */
  needsRestart: z.boolean(),
  logPath: z.string(),
});
export type EngineStatus = z.infer<typeof EngineStatus>;

/** The most lines a reader of the log may ask for. */
export const LOG_LINES_MAX = 100_000;
export const LogInput = z.object({ lines: z.number().int().min(0).max(LOG_LINES_MAX).default(100) });
export type LogInput = z.infer<typeof LogInput>;

export const EngineLog = z.object({ path: z.string(), lines: z.array(z.string()) });
export type EngineLog = z.infer<typeof EngineLog>;

/** The first one carries the last lines of the log as it is; the others what came since, in batches. */
export const LogBatch = z.object({ lines: z.array(z.string()) });
export type LogBatch = z.infer<typeof LogBatch>;

/** Which release of Ollama to install: the one this Hearth was tested with, or the newest there is. */
export const ReleaseChoice = z.enum(['pinned', 'newest']);
export type ReleaseChoice = z.infer<typeof ReleaseChoice>;

/**
 * `none`: Hearth has no Ollama of its own. `paused` (also after a restart of Hearth) and `failed` keep what has arrived.
 * `testing`: the new one has to answer once before the old one goes.
 */
export const InstallState = z.enum([
  'none',
  'looking',
  'downloading',
  'paused',
  'verifying',
  'unpacking',
  'testing',
  'installed',
  'failed',
]);
export type InstallState = z.infer<typeof InstallState>;

export const InstallStatus = z.object({
  state: InstallState,
  /** Version of Hearth's own Ollama, while there is one, also during an update. */
  installedVersion: z.string().nullable(),
  installedBytes: z.number().nullable(),
  /** The version that is being fetched. */
  version: z.string().nullable(),
  /** What an installation would fetch, told before anything is asked of the network. Null on systems without a release. */
  offer: z
    .object({
      version: z.string(),
      /** About; the release itself tells the exact size. */
      sizeBytes: z.number(),
      /** Needed while installing: the archive and what it holds. */
      diskBytes: z.number(),
      /** Where it comes from, for example `github.com`. */
      host: z.string(),
    })
    .nullable(),
  receivedBytes: z.number(),
  /** Null until the server told. */
  totalBytes: z.number().nullable(),
  /** 0 to 1 while unpacking or verifying; null where unknown. */
  stepProgress: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** Set while nothing arrives: when the next attempt begins. */
  retryAtMs: z.number().nullable(),
  problem: ErrorInfo.nullable(),
});
export type InstallStatus = z.infer<typeof InstallStatus>;
