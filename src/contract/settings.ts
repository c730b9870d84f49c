// What the user can choose. Every value here is read somewhere: a setting without effect is not added.
import { z } from 'zod';

export const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

/** `auto`: Ollama, else the built-in engine with a model, else the demo. */
export const BackendChoice = z.enum(['auto', 'ollama', 'llamacpp', 'demo']);
export type BackendChoice = z.infer<typeof BackendChoice>;

const timeout = (defaultMs: number) => z.number().int().min(100).max(3_600_000).default(defaultMs);

export const Settings = z.object({
  theme: Theme.default('system'),
  backend: BackendChoice.default('auto'),
  /** The model to ask Ollama for; null takes the one used last on that server. */
  model: z.string().min(1).max(300).nullable().default(null),
  ollama: z
    .object({
      /** `host:port` or a URL; null means OLLAMA_HOST, else 127.0.0.1:11434. */
      address: z.string().min(1).max(300).nullable().default(null),
      /** Start an installed Ollama when none answers on this computer. */
      startWhenNeeded: z.boolean().default(true),
    })
    .prefault({}),
  llamacpp: z
    .object({
      /** A GGUF file; null takes the first one in the models folder. */
      modelPath: z.string().min(1).max(4096).nullable().default(null),
      /** 0 means all physical cores but one; see backends/llamacpp/cores.ts. */
      threads: z.number().int().min(0).max(256).default(0),
    })
    .prefault({}),
  /** Let the labelled demo answer when nothing else can. */
  demoAsLastResort: z.boolean().default(true),
  timeouts: z
    .object({
      connectMs: timeout(5_000),
      firstTokenMs: timeout(10_000),
      loadMs: timeout(300_000),
      silenceMs: timeout(60_000),
    })
    .prefault({}),
  window: z
    .object({
      isSidebarOpen: z.boolean().default(true),
      bounds: z
        .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
        .nullable()
        .default(null),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof Settings>;

/** A change names only what it changes; groups are merged one level deep. */
export const SettingsPatch = z.object({
  theme: Theme.optional(),
  backend: BackendChoice.optional(),
  model: Settings.shape.model.unwrap().optional(),
  ollama: z
    .object({
      address: z.string().min(1).max(300).nullable().optional(),
      startWhenNeeded: z.boolean().optional(),
    })
    .optional(),
  llamacpp: z
    .object({
      modelPath: z.string().min(1).max(4096).nullable().optional(),
      threads: z.number().int().min(0).max(256).optional(),
    })
    .optional(),
  demoAsLastResort: z.boolean().optional(),
  timeouts: z
    .object({
      connectMs: z.number().int().min(100).max(3_600_000).optional(),
      firstTokenMs: z.number().int().min(100).max(3_600_000).optional(),
      loadMs: z.number().int().min(100).max(3_600_000).optional(),
      silenceMs: z.number().int().min(100).max(3_600_000).optional(),
    })
    .optional(),
  window: z
    .object({
      isSidebarOpen: z.boolean().optional(),
      bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).nullable().optional(),
    })
    .optional(),
});
export type SettingsPatch = z.infer<typeof SettingsPatch>;
