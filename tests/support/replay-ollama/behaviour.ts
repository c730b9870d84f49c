// What a replay server can be told to do: which models it has, what it answers, where it waits, how it fails.
import type { PullBehaviour } from './pulls.ts';

export interface ReplayModel {
  /** With its tag, for example `tiny:latest`. */
  name: string;
  /** ISO 8601; the list is told in the order given, as the real server does not sort either. */
  modifiedAt?: string;
  sizeBytes?: number;
  /** Of its manifest, without `sha256:` in front. */
  digest?: string;
  family?: string;
  parameters?: string;
  quantization?: string;
  /** Told in /api/tags only when given: old servers have no such field. */
  capabilities?: string[];
  /** Of a model that the server hands on, for example `https://ollama.com:443`. */
  remoteHost?: string;
}

export interface ScriptedAnswer {
  /** One stream record a token. */
  tokens: string[];
  /** Sent before the tokens in the `thinking` field. */
  thinking?: string[];
  /** Functions it calls after the tokens, in a record of their own as the real server does. */
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
  /** Absent: as fast as possible. */
  tokensPerSecond?: number;
  /** Time from the request to the first record (headers included), as a model that reads the prompt. */
  firstTokenDelayMs?: number;
  /** Default `stop`. */
  doneReason?: 'stop' | 'length';
  /** Default 19, as in the recording. */
  promptTokens?: number;
  /** In the done record. Default 0. */
  loadMs?: number;
}

/** A record is one line of the stream; `afterRecords` counts those sent before the fault. */
export type FaultKind =
  /** Headers come late. */
  | { kind: 'delay-headers'; ms: number }
  /** Neither headers nor an end. */
  | { kind: 'no-headers' }
  /** The socket is destroyed. */
  | { kind: 'cut'; afterRecords: number }
  /** A clean end of the stream without a done record, as after SIGTERM of the real server. */
  | { kind: 'end-early'; afterRecords: number }
  /** Nothing more comes and nothing ends. */
  | { kind: 'stall'; afterRecords: number }
  /** The recorded 503 of a full queue. */
  | { kind: 'busy' }
  | { kind: 'status'; status: number; body: string; contentType?: string; headers?: Record<string, string> }
  /** A web page with status 200, as from another program on that port. */
  | { kind: 'html' }
  /** A line that is not JSON. */
  | { kind: 'garbage'; afterRecords: number }
  /** Status 200 and no body. */
  | { kind: 'empty' }
  /** The connection is accepted and dropped before any answer. */
  | { kind: 'hang-up' }
  /** The recorded stream of a runner that was killed: eight records, then an error line. */
  | { kind: 'runner-killed' }
  | { kind: 'error-line'; afterRecords: number; error: string };

/** `path`: where it strikes, default `/api/chat`. `times`: how many requests it strikes, default all. */
export type Fault = FaultKind & { path?: string; times?: number };

export interface Behaviour {
  /** Null: the two of the recording (`tiny:latest` and one from a local registry). */
  models: ReplayModel[] | null;
  /** Names that /api/ps tells as loaded; `all` of them by default. */
  loaded: string[] | 'all';
  version: string;
  /** Null: the recorded answer. */
  answer: ScriptedAnswer | null;
  /** Serves this recording (a file name without `.json`) to every chat. */
  recording: string | null;
  /** Recorded times times this factor; 0 (default) is as fast as possible, 1 as it was. */
  timeFactor: number;
  /** Chats wait at this many records (0: before the headers) until `release()`. */
  holdAfterRecords: number | null;
  /** Writes bodies in HTTP chunks of this many bytes: lines and characters get split. */
  splitBytes: number | null;
  fault: Fault | null;
  /** Plays pulls instead of the recordings; each that ends well adds its model to `models`. Faults don't strike them. */
  pull: PullBehaviour | null;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  models: null,
  loaded: 'all',
  version: '0.0.0',
  answer: null,
  recording: null,
  timeFactor: 0,
  holdAfterRecords: null,
  splitBytes: null,
  fault: null,
  pull: null,
};
