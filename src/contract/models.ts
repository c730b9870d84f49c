// The models on this computer, those one could get, and what fits its memory.
import { z } from 'zod';
import { Download, ModelName } from './downloads.ts';
import { ErrorInfo } from './errors.ts';

/** Fits: needs under 80 % of the free memory. Tight: 80 to 100 %. */
export const FitLabel = z.enum(['fits', 'tight', 'too_big', 'unknown']);
export type FitLabel = z.infer<typeof FitLabel>;

/** Whether a model runs here, with the numbers behind it. All in bytes. */
export const Fit = z.object({
  label: FitLabel,
  /** Weights, cache and overhead together; null where unknown. */
  needBytes: z.number().nullable(),
  freeBytes: z.number(),
  weightsBytes: z.number().nullable(),
  /** KV cache at `contextLength`. */
  cacheBytes: z.number().nullable(),
  overheadBytes: z.number().nullable(),
  contextLength: z.number().int(),
  /** Where it would run: wholly on the graphics card, in both, or in main memory. */
  place: z.enum(['gpu', 'both', 'memory']),
});
export type Fit = z.infer<typeof Fit>;

export const Gpu = z.object({
  name: z.string(),
  memoryBytes: z.number().nullable(),
  freeBytes: z.number().nullable(),
  /** Shares main memory (Apple Silicon, integrated graphics). */
  isShared: z.boolean(),
});
export type Gpu = z.infer<typeof Gpu>;

export const Hardware = z.object({
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  gpus: z.array(Gpu),
  physicalCores: z.number().int(),
});
export type Hardware = z.infer<typeof Hardware>;

export const Capability = z.enum([
  'completion',
  'tools',
  'vision',
  'thinking',
  'embedding',
  'insert',
  'audio',
  'image',
]);
export type Capability = z.infer<typeof Capability>;

/** What runs it: Ollama, or the built-in engine with a file of its own. */
export const ModelEngine = z.enum(['ollama', 'llamacpp']);
export type ModelEngine = z.infer<typeof ModelEngine>;

export const InstalledModel = z.object({
  name: z.string(),
  engine: ModelEngine,
  /** Null where the server does not tell. */
  sizeBytes: z.number().nullable(),
  digest: z.string().nullable(),
  family: z.string().nullable(),
  /** For example `3.2B`. */
  parameters: z.string().nullable(),
  quantization: z.string().nullable(),
  contextLength: z.number().int().nullable(),
  capabilities: z.array(Capability),
  modifiedAtMs: z.number().nullable(),
  /** When it answered last here; null when never. */
  lastUsedAtMs: z.number().nullable(),
  /** Null while it is not in memory; null in it is what the server does not tell. */
  loaded: z
    .object({
      sizeBytes: z.number().nullable(),
      gpuBytes: z.number().nullable(),
      expiresAtMs: z.number().nullable(),
    })
    .nullable(),
  /** The file of a model of the built-in engine. */
  path: z.string().nullable(),
});
export type InstalledModel = z.infer<typeof InstalledModel>;

export const DiskSpace = z.object({
  /** The folder that holds the models. */
  folder: z.string(),
  totalBytes: z.number(),
  freeBytes: z.number(),
  modelsBytes: z.number(),
  /** What broken downloads left behind, and how many. */
  leftoverBytes: z.number(),
  leftoverCount: z.number().int(),
});
export type DiskSpace = z.infer<typeof DiskSpace>;

/** Long work on files, with progress and a cancel: taking in a GGUF file, moving the models folder. */
export const FileWork = z.object({
  id: z.string(),
  kind: z.enum(['import', 'move']),
  /** The model's name, or the folder. */
  subject: z.string(),
  step: z.enum(['checking', 'hashing', 'copying', 'registering', 'restarting', 'removing']),
  doneBytes: z.number(),
  totalBytes: z.number(),
  /** Set when it failed; it stays in the list until it is dismissed by `cancelWork`. */
  problem: ErrorInfo.nullable(),
});
export type FileWork = z.infer<typeof FileWork>;

export const ModelsStatus = z.object({
  /** Null until Ollama was asked for the first time. Ordered by last use, then by name. */
  installed: z.array(InstalledModel).nullable(),
  /** Why Ollama's models can't be listed, or why the last deletion did not happen. */
  problem: ErrorInfo.nullable(),
  /** Null where the folder can't be looked into, for example on another machine. */
  disk: DiskSpace.nullable(),
  /** Deletions that can still be taken back, and until when. */
  removing: z.array(z.object({ name: z.string(), engine: ModelEngine, untilMs: z.number() })),
  /** Models that are being read into memory by request, by name. */
  loading: z.array(z.string()),
  work: z.array(FileWork),
});
export type ModelsStatus = z.infer<typeof ModelsStatus>;

export const ModelRef = z.object({ name: ModelName, engine: ModelEngine.default('ollama') });
export type ModelRef = z.infer<typeof ModelRef>;

/** A model that had too little context for a question. */
export const ContextRoomInput = ModelRef.extend({
  /** What it had, in tokens. */
  setTokens: z.number().int().min(1),
  /** What the question takes; null where nobody counted. */
  neededTokens: z.number().int().nullable(),
});
export type ContextRoomInput = z.infer<typeof ContextRoomInput>;

/** Whether it can have more: it can, it may already, memory has no room for it, or the model was not made for it. */
export const ContextRoom = z.discriminatedUnion('type', [
  /** `moreBytes`: beside what it takes with what it had; null where unknown. */
  z.object({ type: z.literal('can'), tokens: z.number().int(), moreBytes: z.number().nullable() }),
  z.object({ type: z.literal('allowed'), tokens: z.number().int() }),
  z.object({
    type: z.literal('memory'),
    tokens: z.number().int(),
    needBytes: z.number().nullable(),
    freeBytes: z.number(),
  }),
  /** `canTokens`: what it was made for; null where it does not tell. */
  z.object({ type: z.literal('model'), canTokens: z.number().int().nullable() }),
]);
export type ContextRoom = z.infer<typeof ContextRoom>;

/** One `PARAMETER` of a Modelfile, as written there. A name may come several times (`stop`). */
export const ModelParameter = z.object({ name: z.string().min(1).max(100), value: z.string().max(10_000) });
export type ModelParameter = z.infer<typeof ModelParameter>;

export const ModelDetails = z.object({
  name: z.string(),
  engine: ModelEngine,
  family: z.string().nullable(),
  parameters: z.string().nullable(),
  quantization: z.string().nullable(),
  contextLength: z.number().int().nullable(),
  capabilities: z.array(Capability),
  license: z.string().nullable(),
  system: z.string(),
  /** As they are, however long: the limits are those of an edit. */
  settings: z.array(z.object({ name: z.string(), value: z.string() })),
  template: z.string().nullable(),
  /** Whether system prompt and parameters can be changed (models of Ollama). */
  isEditable: z.boolean(),
  fit: Fit,
});
export type ModelDetails = z.infer<typeof ModelDetails>;

export const EditModelInput = z.object({
  name: ModelName,
  system: z.string().max(200_000),
  settings: z.array(ModelParameter).max(100),
});
export type EditModelInput = z.infer<typeof EditModelInput>;

/** A GGUF file that was looked at. */
export const FileReport = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  /** A name that Ollama takes and that is not in use yet. */
  suggestedName: z.string(),
  architecture: z.string().nullable(),
  parameters: z.string().nullable(),
  quantization: z.string().nullable(),
  contextLength: z.number().int().nullable(),
  fit: Fit,
});
export type FileReport = z.infer<typeof FileReport>;

export const ImportInput = z.object({
  path: z.string().min(1).max(4096),
  /** `ollama` copies it into Ollama under the name; `llamacpp` uses the file where it lies. */
  engine: ModelEngine,
  name: ModelName,
});
export type ImportInput = z.infer<typeof ImportInput>;

/** `present`: nothing had to be done. Otherwise the download that fetches it. */
export const EnsureResult = z.discriminatedUnion('type', [
  z.object({ type: z.literal('present'), wasChecked: z.boolean() }),
  z.object({ type: z.literal('downloading'), reason: z.enum(['missing', 'outdated']), download: Download }),
]);
export type EnsureResult = z.infer<typeof EnsureResult>;

export const EnsureInput = z.object({
  model: ModelName,
  /** Ask the registry whether a newer one is there. Without it a model that is present is left alone, with no request. */
  isFresh: z.boolean().default(false),
  isInsecure: z.boolean().default(false),
});
export type EnsureInput = z.infer<typeof EnsureInput>;

/** One size and quantization of a model of the catalogue. */
export const CatalogueVariant = z.object({
  /** The name to pull, for example `llama3.2:3b`. */
  model: z.string(),
  /** For example `3B`. */
  size: z.string(),
  quantization: z.string(),
  downloadBytes: z.number().int(),
  /** What the estimate of the cache needs; from the model's own numbers. */
  layers: z.number().int(),
  kvHeads: z.number().int(),
  headSize: z.number().int(),
  contextLength: z.number().int(),
});
export type CatalogueVariant = z.infer<typeof CatalogueVariant>;

export const CatalogueEntry = z.object({
  id: z.string(),
  name: z.string(),
  family: z.string(),
  /** What it is good at, a few words. */
  goodAt: z.string(),
  licence: z.string(),
  capabilities: z.array(Capability),
  /** BCP 47 codes. */
  languages: z.array(z.string()),
  variants: z.array(CatalogueVariant).min(1),
});
export type CatalogueEntry = z.infer<typeof CatalogueEntry>;

/** The file `resources/catalogue.json`, and what a refresh has to look like. */
export const CatalogueFile = z.object({
  format: z.literal(1),
  /** ISO date. */
  updated: z.string(),
  entries: z.array(CatalogueEntry).min(1),
});
export type CatalogueFile = z.infer<typeof CatalogueFile>;

export const Catalogue = z.object({
  updated: z.string(),
  /** `shipped` with Hearth, or `refreshed` from the URL of the settings. */
  source: z.enum(['shipped', 'refreshed']),
  hardware: Hardware,
  entries: z.array(
    CatalogueEntry.omit({ variants: true }).extend({
      variants: z.array(CatalogueVariant.extend({ fit: Fit, isInstalled: z.boolean() })),
    }),
  ),
  /** The variant to begin with on this computer. */
  suggested: z.string().nullable(),
});
export type Catalogue = z.infer<typeof Catalogue>;
