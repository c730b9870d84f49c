// The engines that can answer, how they are, and which one does what.
import { z } from 'zod';
import { AnswerSource, BackendKind } from './conversations.ts';
import { ErrorInfo } from './errors.ts';
import { BackendId, ConversationId } from './ids.ts';
import { HEADER_NAME, HEADER_VALUE } from './limits.ts';

export const ModelInfo = z.object({
  /** The name to ask for, for example `llama3.2:3b`. */
  name: z.string(),
  sizeBytes: z.number().nullable(),
  family: z.string().nullable(),
  /** For example `3.2B`. */
  parameters: z.string().nullable(),
  quantization: z.string().nullable(),
  /** The server that an Ollama hands questions for it on to, for example `ollama.com`; absent where the backend runs it itself. */
  remoteHost: z.string().optional(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

/** `asleep`: would work, but is not running now (it starts when first asked). */
export const BackendState = z.enum(['checking', 'starting', 'ready', 'asleep', 'unavailable', 'off']);
export type BackendState = z.infer<typeof BackendState>;

/** What a backend can do beside writing text. */
export const BackendAbility = z.enum(['thinking', 'images', 'tools', 'format', 'embeddings']);
export type BackendAbility = z.infer<typeof BackendAbility>;

export const BackendStatus = z.object({
  id: BackendId,
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
  abilities: z.array(BackendAbility),
  /** Whether it may answer where nobody chose it by name: for the demo, whether it is the last resort. */
  standsIn: z.boolean(),
  /** It failed, and is not asked again before this time (milliseconds since 1970), unless a look finds it well. */
  restsUntilMs: z.number().nullable(),
  lastAnswerAtMs: z.number().nullable(),
  /** `added` ones can be changed and removed; `environment` ones are there as long as their variable is. */
  origin: z.enum(['builtin', 'added', 'environment']),
});
export type BackendStatus = z.infer<typeof BackendStatus>;

/** A variable of the environment that stands for a setting. */
export const EnvironmentValue = z.object({
  /** For example `OLLAMA_BASE_URL`. */
  name: z.string(),
  /** Without any password. */
  value: z.string(),
  /** `overridden`: the user chose something else in the settings. */
  state: z.enum(['inForce', 'overridden', 'invalid']),
  /** Why it is `invalid`. */
  problem: ErrorInfo.nullable(),
});
export type EnvironmentValue = z.infer<typeof EnvironmentValue>;

/** When the demo answers where nobody chose it: whatever the engines failed with, only where there is none, or never. */
export const DemoRule = z.enum(['always', 'ifNobodyIsThere', 'never']);
export type DemoRule = z.infer<typeof DemoRule>;

export const BackendsStatus = z.object({
  /** In the order in which they are tried, also those that are off. */
  backends: z.array(BackendStatus),
  /** Which one the next question of a new chat goes to, and with which model. */
  chosen: z.object({ id: BackendId, kind: BackendKind, label: z.string(), model: z.string().nullable() }),
  isChecking: z.boolean(),
  /** Whether Hearth chose the order. */
  isOrderAutomatic: z.boolean(),
  /** What the setting `ifNothingAnswers` means now. */
  demo: DemoRule,
  environment: z.array(EnvironmentValue),
  /** Where keys are kept: by the system's secret store, or in a file that only this account can read. */
  secretsIn: z.enum(['system', 'file']),
});
export type BackendsStatus = z.infer<typeof BackendsStatus>;

/** What would become of a question that is asked now. */
export const Outlook = z.discriminatedUnion('type', [
  /** It would be asked there; `source` is what an answer would say of itself. `isAsleep`: the engine would start for it. */
  z.object({ type: z.literal('asks'), source: AnswerSource, isAsleep: z.boolean() }),
  z.object({ type: z.literal('fails'), problem: ErrorInfo }),
]);
export type Outlook = z.infer<typeof Outlook>;

/** Names and values of further headers. Values are secrets: they go in and never come out. */
export const Headers = z.record(z.string().regex(HEADER_NAME), z.string().regex(HEADER_VALUE));
const Key = z.string().trim().min(1).max(8_000);
const Name = z.string().trim().min(1).max(80);
const Url = z.string().trim().min(1).max(2_000);

export const ProbeInput = z.object({ url: Url, key: Key.optional(), headers: Headers.optional() });
export type ProbeInput = z.infer<typeof ProbeInput>;

/** What a look at an address found. */
export const ProbeResult = z.object({
  /** The address as Hearth would keep it: of `http://host:11434` where Ollama answers, `ollama://@host:11434`. */
  url: z.string(),
  kind: BackendKind,
  /** A name to begin with. */
  name: z.string(),
  host: z.string().nullable(),
  version: z.string().nullable(),
  latencyMs: z.number().nullable(),
  models: z.array(ModelInfo),
  key: z.enum(['notNeeded', 'accepted', 'needed', 'refused', 'unknown']),
  /** Null: it answers as it should. */
  problem: ErrorInfo.nullable(),
});
export type ProbeResult = z.infer<typeof ProbeResult>;

export const AddBackendInput = ProbeInput.extend({ name: Name.optional(), standsIn: z.boolean().optional() });
export type AddBackendInput = z.infer<typeof AddBackendInput>;

/** Only what is named changes. A null key or header value removes it. */
export const EditBackendInput = z.object({
  id: BackendId,
  url: Url.optional(),
  name: Name.optional(),
  key: Key.nullable().optional(),
  headers: z.record(z.string(), z.string().nullable()).optional(),
  standsIn: z.boolean().optional(),
});
export type EditBackendInput = z.infer<typeof EditBackendInput>;

/** A backend's family of models: what Hearth knows of it, and what the user changed. */
export const FamilyId = z.enum(['llama', 'mistral', 'phi', 'gemma', 'qwen', 'deepseek', 'smollm', 'other']);
export type FamilyId = z.infer<typeof FamilyId>;

/** Null leaves it to the engine. */
export const FamilyValues = z.object({
  /** What the built-in engine makes room for, in tokens. */
  contextTokens: z.number().int().min(256).max(4_194_304).nullable(),
  /** How long an answer may get, in tokens, thoughts included. */
  maxTokens: z.number().int().min(16).max(4_194_304).nullable(),
  repeatPenalty: z.number().min(0.5).max(2).nullable(),
  temperature: z.number().min(0).max(2).nullable(),
  topP: z.number().min(0).max(1).nullable(),
  topK: z.number().int().min(0).max(1_000).nullable(),
  minP: z.number().min(0).max(1).nullable(),
  stop: z.array(z.string().min(1).max(100)).max(16),
});
export type FamilyValues = z.infer<typeof FamilyValues>;

export const Family = z.object({
  id: FamilyId,
  /** For example `Llama`. */
  label: z.string(),
  defaults: FamilyValues,
  /** How its models show that they think: not at all, or between these marks. */
  thinking: z.object({ open: z.string(), close: z.string() }).nullable(),
  specialTokens: z.array(z.string()),
  /** Where the values come from: addresses of public pages. */
  sources: z.array(z.string()),
});
export type Family = z.infer<typeof Family>;

/** What the user changed of a family; absent values stay at Hearth's. */
export const FamilyChange = FamilyValues.partial();
export type FamilyChange = z.infer<typeof FamilyChange>;

/** What the queue is doing, per backend, and which chats an answer is written or waited for in. */
export const QueueStatus = z.object({
  lanes: z.array(z.object({ lane: z.string(), running: z.number().int(), waiting: z.number().int() })),
  /** Each chat once; one that has both counts as running. */
  chats: z.array(z.object({ id: ConversationId, state: z.enum(['running', 'waiting']) })),
});
export type QueueStatus = z.infer<typeof QueueStatus>;
