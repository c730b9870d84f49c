// What the user can choose. Every value here is read somewhere: a setting without effect is not added.
import { z } from 'zod';

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

/** `auto`: Ollama, else the built-in engine with a model, else the demo. */
export const BackendChoice = z.enum(['auto', 'ollama', 'llamacpp', 'demo']);
export type BackendChoice = z.infer<typeof BackendChoice>;

/** `found`: the Ollama that runs or is installed on the system. `own`: the one Hearth installed, whatever else is there. */
export const EngineUse = z.enum(['found', 'own']);
export type EngineUse = z.infer<typeof EngineUse>;

const timeout = (defaultMs: number) => z.number().int().min(100).max(3_600_000).default(defaultMs);
const count = (max: number) => z.number().int().min(0).max(max);
const text = (maxChars: number) => z.string().min(1).max(maxChars).nullable().default(null);
const Bounds = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

/** Every value of a group has a default: a file or a change names only what differs. */
const groups = {
  ollama: {
    /** `host:port` or a URL; null means OLLAMA_HOST, else 127.0.0.1:11434. */
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
  /** The model to ask Ollama for; null takes the one used last on that server. */
  model: text(300),
  /** Let the labelled demo answer when nothing else can. */
  demoAsLastResort: z.boolean().default(true),
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
  timeouts: change(groups.timeouts),
  window: change(groups.window),
});
export type SettingsPatch = z.infer<typeof SettingsPatch>;
