// What the user can choose. Every value here is read somewhere: a setting without effect is not added.
import { z } from 'zod';
import { FamilyChange } from './backends.ts';
import { BackendId, isReservedId } from './ids.ts';

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

/** `auto`: the first backend of the list that is ready. */
export const BackendChoice = z.union([z.literal('auto'), BackendId]);
export type BackendChoice = z.infer<typeof BackendChoice>;

/** What happens when the chosen backend does not answer: the next one of the list is asked, or the error is shown. */
export const IfFails = z.enum(['next', 'stop']);
export type IfFails = z.infer<typeof IfFails>;

/** What happens when no engine answers: the error is shown, or a demo reply that says what it is. */
export const IfNothingAnswers = z.enum(['say', 'demo']);
export type IfNothingAnswers = z.infer<typeof IfNothingAnswers>;

/** Which backend and model a purpose uses; null: as the chat. */
export const PurposeChoice = z.object({
  backend: BackendChoice.nullable().default(null),
  model: z.string().min(1).max(300).nullable().default(null),
  ifFails: IfFails.default('next'),
});
export type PurposeChoice = z.infer<typeof PurposeChoice>;

/** The same for work in the background, which nothing stands in for: it is left out when its backend does not answer. */
export const BackgroundChoice = z.object({
  isOn: z.boolean().default(false),
  backend: BackendChoice.nullable().default(null),
  model: z.string().min(1).max(300).nullable().default(null),
});
export type BackgroundChoice = z.infer<typeof BackgroundChoice>;

export const Purpose = z.enum(['chat', 'quickAsk', 'gateway', 'titles', 'facts', 'emotion']);
export type Purpose = z.infer<typeof Purpose>;

/** A backend that the user added by its URL. Its key and the values of its headers are kept elsewhere. */
export const AddedBackend = z.object({
  id: BackendId,
  url: z.string().min(1).max(2_000),
  name: z.string().min(1).max(80),
  hasKey: z.boolean().default(false),
  headerNames: z.array(z.string()).default([]),
  /** Whether it may answer where nobody chose it by name. */
  standsIn: z.boolean().default(false),
});
export type AddedBackend = z.infer<typeof AddedBackend>;

/** Each with an id of its own: keys, switches and limits are kept by it, and a key goes to one host only. */
const AddedBackends = z
  .array(AddedBackend)
  .max(100)
  .superRefine((added, context) => {
    for (const [index, { id }] of added.entries())
      if (isReservedId(id) || added.findIndex((one) => one.id === id) < index)
        context.addIssue({ code: 'custom', path: [index, 'id'], message: `${id} is taken` });
  });

/** `found`: the Ollama that runs or is installed on the system. `own`: the one Hearth installed, whatever else is there. */
export const EngineUse = z.enum(['found', 'own']);
export type EngineUse = z.infer<typeof EngineUse>;

const limitMs = () => z.number().int().min(100).max(3_600_000);
const timeout = (defaultMs: number) => limitMs().default(defaultMs);
const purpose = () => PurposeChoice.default({ backend: null, model: null, ifFails: 'next' });
const background = () => BackgroundChoice.default({ isOn: false, backend: null, model: null });
const family = () => FamilyChange.default({});
const count = (max: number) => z.number().int().min(0).max(max);
const text = (maxChars: number) => z.string().min(1).max(maxChars).nullable().default(null);
const Bounds = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

/** Every value of a group has a default: a file or a change names only what differs. */
const groups = {
  ollama: {
    /** `host:port` or a URL; null means OLLAMA_BASE_URL, else OLLAMA_HOST, else 127.0.0.1:11434. */
    address: text(300),
    /** Start an installed Ollama when none answers on this computer. */
    startWhenNeeded: z.boolean().default(true),
  },
  /** How Hearth runs its own Ollama child. Null and `auto` leave it to Ollama. */
  engine: {
    use: EngineUse.default('found'),
    /** 0 lets the system choose a free one. */
    port: count(65_535).default(0),
    /** OLLAMA_MODELS; null means Ollama's own default. */
    modelsFolder: text(4096),
    /** OLLAMA_CONTEXT_LENGTH in tokens. */
    contextLength: count(4_194_304).nullable().default(null),
    /** OLLAMA_KEEP_ALIVE in minutes; -1 for ever, 0 not at all. */
    keepAliveMinutes: z.number().int().min(-1).max(100_000).nullable().default(null),
    /** OLLAMA_NUM_PARALLEL; how many questions it answers at once. */
    parallel: z.number().int().min(1).max(64).nullable().default(null),
    flashAttention: z.enum(['auto', 'on', 'off']).default('auto'),
    kvCacheType: z.enum(['auto', 'f16', 'q8_0', 'q4_0']).default('auto'),
    /** Threads for a question (`num_thread`). */
    threads: z.number().int().min(1).max(1024).nullable().default(null),
    /** How many layers go to the graphics card (`num_gpu`); 0 keeps all in main memory. */
    gpuLayers: count(1000).nullable().default(null),
    /** Which graphics cards it may use, as their numbers or ids, for example `0,1`. */
    gpuDevices: text(300),
    /** Further web origins that may call it, separated by commas. */
    origins: text(2000),
    /** Listens on every network interface: others on the network can use it without a password. */
    isExposed: z.boolean().default(false),
    /** HTTPS_PROXY of Ollama and of Hearth's own downloads. */
    proxy: text(1000),
    /** Lets Ollama use ollama.com for models that run there. */
    isCloudAllowed: z.boolean().default(false),
  },
  install: {
    /** Base address of the releases; null means the makers' own. */
    baseUrl: text(1000),
  },
  downloads: {
    /** How many models are fetched at once. */
    parallel: z.number().int().min(1).max(4).default(1),
    /** Show a notification of the system when one is done or needs the user. */
    notify: z.boolean().default(true),
  },
  catalogue: {
    /** Where the catalogue of models may be refreshed from; null: never. */
    url: text(1000),
  },
  onboarding: {
    isDone: z.boolean().default(false),
  },
  llamacpp: {
    /** A GGUF file; null takes the first one in the models folder. */
    modelPath: text(4096),
    /** 0 means all physical cores but one; see backends/llamacpp/cores.ts. */
    threads: count(256).default(0),
    /** The model leaves the memory when it was not asked for this long; 0: at once, -1: never. */
    idleMinutes: z.number().int().min(-1).max(100_000).default(10),
    /** Layers of the model on the graphics card, where its package is there; null: as many as fit, 0: none. */
    gpuLayers: count(1000).nullable().default(null),
  },
  mlx: {
    /** The program `mlx_lm.server`; null looks for it. */
    program: text(4096),
    /** A model of the Hugging Face Hub, for example `mlx-community/Llama-3.2-3B-Instruct-4bit`; null: none. */
    model: text(300),
  },
  /** The list of backends as the user arranged it. */
  backends: {
    added: AddedBackends.default([]),
    /** Ids of backends that were removed, the newest last: chats may still name them, so no other backend gets one. */
    spentIds: z.array(BackendId).max(1_000).default([]),
    /** In which order they are tried; empty leaves it to Hearth, and one that is not named comes after those that are. */
    order: z.array(BackendId).max(200).default([]),
    /** Which ones the user switched on or off; those that are not named are on. The demo has `ifNothingAnswers`. */
    switches: z.record(BackendId, z.boolean()).default({}),
    /** Limits of single backends; what is absent counts as in `timeouts`. */
    limits: z
      .record(
        BackendId,
        z.object({ connectMs: limitMs(), firstTokenMs: limitMs(), loadMs: limitMs(), silenceMs: limitMs() }).partial(),
      )
      .default({}),
  },
  purposes: {
    quickAsk: purpose(),
    gateway: purpose(),
    titles: background(),
    facts: background(),
    emotion: background(),
  },
  /** What the user changed of the families of models. */
  families: {
    llama: family(),
    mistral: family(),
    phi: family(),
    gemma: family(),
    qwen: family(),
    deepseek: family(),
    smollm: family(),
    other: family(),
  },
  facts: {
    /** Whether models are told the facts. */
    areUsed: z.boolean().default(true),
  },
  timeouts: {
    connectMs: timeout(5_000),
    firstTokenMs: timeout(10_000),
    loadMs: timeout(300_000),
    silenceMs: timeout(60_000),
  },
  window: {
    isSidebarOpen: z.boolean().default(true),
    bounds: Bounds.nullable().default(null),
  },
} as const;

const single = {
  theme: Theme.default('system'),
  backend: BackendChoice.default('auto'),
  /** The model to ask for: of the backend above, of Ollama where that is `auto`. Null leaves it to the backend. */
  model: text(300),
  ifFails: IfFails.default('next'),
  /** Null: not chosen yet. Then the demo answers where nobody is there, until an engine has answered for the first time. */
  ifNothingAnswers: IfNothingAnswers.nullable().default(null),
};

export const Settings = z.object({
  ...single,
  ollama: z.object(groups.ollama).prefault({}),
  engine: z.object(groups.engine).prefault({}),
  install: z.object(groups.install).prefault({}),
  downloads: z.object(groups.downloads).prefault({}),
  catalogue: z.object(groups.catalogue).prefault({}),
  onboarding: z.object(groups.onboarding).prefault({}),
  llamacpp: z.object(groups.llamacpp).prefault({}),
  mlx: z.object(groups.mlx).prefault({}),
  backends: z.object(groups.backends).prefault({}),
  purposes: z.object(groups.purposes).prefault({}),
  families: z.object(groups.families).prefault({}),
  facts: z.object(groups.facts).prefault({}),
  timeouts: z.object(groups.timeouts).prefault({}),
  window: z.object(groups.window).prefault({}),
});
export type Settings = z.infer<typeof Settings>;

type WithDefaults = Readonly<Record<string, z.ZodDefault>>;
type Optional<Shape extends WithDefaults> = { [Key in keyof Shape]: z.ZodOptional<ReturnType<Shape[Key]['unwrap']>> };

/** The same values without their defaults, so that a change carries nothing but what it names. */
function optional<Shape extends WithDefaults>(shape: Shape): Optional<Shape> {
  const entries = Object.entries(shape).map(([name, value]) => [name, z.optional(value.unwrap())]);
  return Object.fromEntries(entries) as Optional<Shape>;
}
const change = <Shape extends WithDefaults>(shape: Shape) => z.object(optional(shape)).optional();

/** A change names only what it changes; groups are merged one level deep. */
export const SettingsPatch = z.object({
  ...optional(single),
  ollama: change(groups.ollama),
  engine: change(groups.engine),
  install: change(groups.install),
  downloads: change(groups.downloads),
  catalogue: change(groups.catalogue),
  onboarding: change(groups.onboarding),
  llamacpp: change(groups.llamacpp),
  mlx: change(groups.mlx),
  backends: change(groups.backends),
  purposes: change(groups.purposes),
  families: change(groups.families),
  facts: change(groups.facts),
  timeouts: change(groups.timeouts),
  window: change(groups.window),
});
export type SettingsPatch = z.infer<typeof SettingsPatch>;
