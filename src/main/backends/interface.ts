// What every engine offers, whatever it is. One file per engine implements it.
import type {
  AddBackendInput,
  BackendAbility,
  BackendState,
  BackendStatus,
  BackendsStatus,
  DemoRule,
  EditBackendInput,
  ModelInfo,
  Outlook,
  ProbeInput,
  ProbeResult,
} from '../../contract/backends.ts';
import type { AnswerSource, AnswerUsage, BackendKind, ChatChoice } from '../../contract/conversations.ts';
import type { Reading } from '../../contract/chat.ts';
import type { BackendId } from '../../contract/ids.ts';
import type { Purpose, Settings } from '../../contract/settings.ts';

/** A function that a model may call; passed on as it is. */
export interface ToolDefinition {
  name: string;
  description?: string;
  /** JSON schema of the arguments. */
  parameters?: Record<string, unknown>;
}

export interface ToolCall {
  /** As the engine named it; null where it gives none. */
  id: string | null;
  name: string;
  arguments: Record<string, unknown>;
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  /** Base64, without a prefix. Only where the backend's abilities have `images`. */
  images?: readonly string[];
  /** What an assistant message asked for. */
  toolCalls?: readonly ToolCall[];
  /** Of a tool message: which call it answers. */
  toolCallId?: string | null;
  toolName?: string;
}

/** Sampling and length; absent values are the engine's defaults. */
export interface ChatOptions {
  maxTokens?: number;
  seed?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  repeatPenalty?: number;
  stop?: readonly string[];
  /** How much room the model is given, in tokens; only where the engine lets a request say so. */
  contextTokens?: number;
}

export interface ChatRequest {
  /** Null leaves the choice to the backend. */
  model: string | null;
  messages: ChatMessage[];
  /** The last message is the beginning of the answer: what comes is what follows it. Only where the backend `goesOn`. */
  goesOn?: true;
  options?: ChatOptions;
  /** Whether, or how long, a model that can think does so; absent leaves it to the model. */
  think?: boolean | 'low' | 'medium' | 'high';
  /** The answer is JSON: any, or of this JSON schema. */
  format?: 'json' | Record<string, unknown>;
  tools?: readonly ToolDefinition[];
  /** How long the model stays in memory after the answer, in minutes; -1 for ever. Absent: the engine's default. */
  keepAliveMinutes?: number;
  /** `whole` asks for the answer in one piece, where the engine can; the events are the same. */
  delivery?: 'stream' | 'whole';
}

/** What an engine says while it answers. A stream that ends without `done` is an error, not an answer. */
export type ChatEvent =
  | { type: 'loading'; model: string }
  /** The model is in memory and reads what it was sent. Comes again when more is known. */
  | ({ type: 'reading' } & Reading)
  | { type: 'thinking'; text: string }
  | { type: 'text'; text: string }
  /** All that has come so far was this: where a thought ended whose beginning nobody marked, or a text was taken for one. */
  | { type: 'relabel'; as: 'text' | 'thinking' }
  | { type: 'tool-call'; call: ToolCall }
  | { type: 'done'; reason: 'stop' | 'length'; usage: AnswerUsage };

/** `look` only looks; `wake` also starts what is asleep. */
export type LookDepth = 'look' | 'wake';

/** How a backend was found; the rest of its status is known without asking it. */
export type BackendHealth = Pick<
  BackendStatus,
  'url' | 'host' | 'isOwned' | 'version' | 'latencyMs' | 'models' | 'problem'
> & { state: Exclude<BackendState, 'off'> };

export interface Backend {
  readonly id: BackendId;
  readonly kind: BackendKind;
  /** As a person names it: `Ollama`, `Built-in engine`, `Demo`. */
  readonly label: string;
  readonly abilities: readonly BackendAbility[];
  /** What the queue counts against: two backends of one lane share its slots, for example `ollama:127.0.0.1:11434`. */
  readonly lane: string;
  /** How many answers it writes at once. */
  readonly concurrency: number;
  /** Looks whether it would answer; never throws, ends within one and a half times the connect limit. Default `wake`. */
  look(signal: AbortSignal, depth?: LookDepth): Promise<BackendHealth>;
  models(signal: AbortSignal): Promise<ModelInfo[]>;
  /** The model a request without one goes to; null while none is known. */
  modelFor(requested: string | null): string | null;
  /** How the model is built, as its file says it, for example `qwen3moe`. Absent where the list of models tells it. */
  architecture?(requested: string | null): Promise<string | null>;
  /** The URL and host that the badge of an answer shows. */
  describe(model: string | null): { url: string; host: string | null };
  /**
   * Whether the model writes on from a last message of the assistant. Absent, or false where it is not known: then it is asked
   * to go on in a message of its own. Never rejects.
   */
  goesOn?(requested: string | null, signal: AbortSignal): boolean | Promise<boolean>;
  /** Rejects with a HearthError; honours the signal within a few milliseconds, also before the first token. */
  chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent>;
  /** One vector a text, in the order of the texts. Only where the abilities have `embeddings`. */
  embed?(texts: readonly string[], options: { model: string | null; signal: AbortSignal }): Promise<Float32Array[]>;
  /** Ends what this backend runs. Idempotent, bounded in time. */
  stop?(): Promise<void>;
}

/** The limits of one backend, in milliseconds. */
export type Limits = Settings['timeouts'];

/** What a server wants to know of who asks. */
export interface Access {
  key: string | null;
  headers: Readonly<Record<string, string>>;
}

/** What a backend behind a URL is made with. */
export interface RemoteOptions {
  id: BackendId;
  label: string;
  /** Read when a question is asked: the user may have changed it. Rejects with `secret_unreadable`. */
  access: () => Promise<Access>;
  timeouts: () => Limits;
}

/** The built-in engine: one process, one model in memory at a time. */
export interface LocalEngine {
  /** The model of the settings, else the first one in the models folder. */
  backend(): Backend;
  /** One file, or the name of a model in the models folder, whatever the settings say. */
  forFile(file: string): Backend;
  /** Ends the engine for good. Idempotent, bounded in time. */
  stop(): Promise<void>;
}

/** MLX: one server of ours, one model in memory at a time. */
export interface MlxEngine {
  /** The model of the settings, if one is chosen. */
  backend(): Backend;
  /** One model, whatever the settings say. */
  forModel(model: string): Backend;
  /** Ends the server for good. Idempotent, bounded in time. */
  stop(): Promise<void>;
}

export type RunEvent = ChatEvent | { type: 'source'; source: AnswerSource };

/** A backend that a question may go to. */
export interface Candidate {
  readonly backend: Backend;
  /** The model chosen by name (for this question or in the settings) where it is this backend's; null leaves it to the backend. */
  readonly model: string | null;
}

/** Those that a question may go to, in order, and those left out before the first of them, with the reason. */
export interface Choice {
  readonly candidates: readonly Candidate[];
  readonly skipped: AnswerSource['skipped'];
  /** When the demo may answer this question; one that was named for it always does. */
  readonly demo: DemoRule;
}

/**
 * Which backends a question may go to, in order. What was asked for is settled when it is asked: a choice changed later does
 * not mix in. Who is there to answer it is not: see `choiceNow`.
 */
export interface BackendPlan {
  /** The first is known to be usable, or not known at all; how those behind it are is seen when they are needed. */
  readonly candidates: readonly Backend[];
  /** Those left out before asking (not reachable, no model), with the reason. */
  readonly skipped: AnswerSource['skipped'];
  /** What the first candidate is asked for; see `Candidate`. */
  readonly model: string | null;
  /** The lane and slots of the first candidate: where the job queues. */
  readonly lane: string;
  readonly concurrency: number;
  /** What the question is for. */
  readonly purpose: Purpose;
  /**
   * Nobody waits for it. It may ask for another model or form of reply than people do, so its failures let no backend rest:
   * a question would be passed on for them.
   */
  readonly isBackground?: boolean;
  /**
   * The candidates by the list as it is now: a question may have waited for minutes while backends were switched off, moved
   * or edited. Its lane stays. Rejects as `plan` does.
   */
  choiceNow(): Promise<Choice>;
}

/** What is known of a question when its backend is chosen. */
export interface Wish {
  /** Default `chat`. */
  purpose?: Purpose | undefined;
  /** Of the conversation. */
  choice?: ChatChoice | undefined;
  /** For this question alone: a URL, or the id or name of a backend. Nothing stands in for it. */
  backend?: string | undefined;
  model?: string | undefined;
  /** Somebody asks again what failed: those that rest are asked as well, and looked at for as long as it takes. */
  isRetry?: boolean | undefined;
}

/** The engines as the chat and the windows use them. */
export interface Backends {
  /**
   * Chooses for one question. Waits for a running check, never longer than the connect limit.
   * Rejects with `backend_url_invalid`, with the reason of the first backend that is there and not well or of the only one there
   * is to ask, as `backend_off`, or else with `no_backend`, which has all reasons.
   */
  plan(wish: Wish, signal: AbortSignal): Promise<BackendPlan>;
  /**
   * Asks the candidates in turn until one gives its first token; `source` comes before any text, again at every change of
   * candidate. After the first token a failure is final and rejects.
   */
  run(plan: BackendPlan, request: Omit<ChatRequest, 'model'>, signal: AbortSignal): AsyncIterable<RunEvent>;
  /**
   * What would become of a question that is asked now, by the same plan and run, after a look at every backend. Nobody is
   * asked. Rejects only when the signal aborts.
   */
  outlook(wish: Wish, signal: AbortSignal): Promise<Outlook>;
  status(): BackendsStatus;
  /** Looks at every backend anew, as the user wishes it: what failed before does not count any more. */
  check(): Promise<BackendsStatus>;
  /** Looks at every backend anew, in the background: models came or went. What rests goes on resting. */
  lookAgain(): void;
  /** Called at every change of the status; returns how to stop listening. */
  onChange(listener: (status: BackendsStatus) => void): () => void;
  /**
   * Looks around for the first time, in the background.
   *
   * @param known what the history tells; by default no engine has ever answered
   */
  start(known?: { hasEngineAnswered: boolean }): void;
  /** While somebody can see it, the state of the backends is looked at every half minute. */
  setWatched(isWatched: boolean): void;
  /** Ends every engine that Hearth started. */
  stop(): Promise<void>;
}

/** What a person does with the list of backends. All of it is written to the settings and counts from the next question on. */
export interface BackendList {
  /** Never rejects for what the address is or does: that is in the result. Rejects with `backend_url_invalid`. */
  probe(input: ProbeInput, signal: AbortSignal): Promise<ProbeResult>;
  /**
   * Keeps what a look finds at the address (path, port, kind), else what was typed. Rejects with `backend_url_invalid`,
   * `backend_exists` or `settings_unwritable`.
   */
  add(input: AddBackendInput): Promise<void>;
  edit(input: EditBackendInput): Promise<void>;
  remove(id: BackendId): Promise<void>;
  undoRemove(id: BackendId): Promise<void>;
  setOn(id: BackendId, isOn: boolean): Promise<void>;
  move(id: BackendId, index: number): Promise<void>;
  resetOrder(): Promise<void>;
}
