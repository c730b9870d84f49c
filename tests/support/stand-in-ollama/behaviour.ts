// What a stand-in `ollama` can be told to do, and what it tells about itself.
import type { Behaviour } from '../replay-ollama/behaviour.ts';

export interface StandInBehaviour {
  /** What `ollama --version` and the start line say. Default `0.0.0`, as in the recording. */
  version?: string;
  /** What the server answers; see the replay server. */
  replay?: Partial<Behaviour>;
  /** When the grandchild starts, as the real program's runner. Default `first-chat`. */
  runner?: 'first-chat' | 'start' | 'never';
  /** Time before the start lines. */
  startDelayMs?: number;
  /** `mute`: serves, but never says where. `deaf`: says so, but nothing answers there. */
  fault?: 'mute' | 'deaf';
  /** Ends at once with this status and output, without serving. */
  exit?: { status: number; output: string };
  /** After the start lines it dies as in a crash, without its runner. */
  crash?: boolean;
  /** Dies (SIGKILL) when a chat has sent so many records, without its runner. */
  dieAfterRecords?: number;
  /** Neither the server nor the runner ends on SIGTERM. */
  ignoresSigterm?: boolean;
  /** Lines printed after the start lines. */
  extraLogLines?: number;
}

/** Written beside the executable at the start, and again when the runner starts. */
export interface StandInReport {
  server: number;
  runner: number | null;
  /** The OLLAMA_ variables that it got. */
  env: Record<string, string>;
}

export const BEHAVIOUR_FILE = 'stand-in-behaviour.json';
export const REPORT_FILE = 'stand-in-report.json';
