// Backends made up for a test: healthy until told otherwise, answering with their own id, failing on demand.
import type { SettingsPatch } from '../../src/contract/settings.ts';
import { createBackends, type BackendsOptions } from '../../src/main/backends/backends.ts';
import type {
  Backend,
  BackendHealth,
  Backends,
  ChatEvent,
  ChatRequest,
  LookDepth,
} from '../../src/main/backends/interface.ts';
import type { SettingsStore } from '../../src/main/settings/index.ts';
import { createPlaces, parseAddress } from '../../src/main/ollama/index.ts';
import { errorInfo, type HearthError } from '../../src/main/errors/index.ts';
import { memorySettings } from './memory-settings.ts';
import { noUsage } from './scripted-backends.ts';

export interface Failure {
  error: HearthError;
  /** A word comes before it. Default: none. */
  isAfterFirstToken?: boolean;
}

export interface MadeUp extends Backend {
  /** What it was asked, and how it was looked at. */
  readonly asked: ChatRequest[];
  readonly looks: LookDepth[];
  /** How it is found from now on. */
  health: Partial<BackendHealth>;
  /** How it fails from now on; null answers. */
  failure: Failure | null;
  /** What it answers from now on; null: its own id. */
  said: readonly ChatEvent[] | null;
  /** It says nothing until this resolves. */
  pause: Promise<void> | null;
}

export function madeUp(
  about: Partial<Pick<Backend, 'id' | 'kind' | 'label' | 'lane'>> & { host?: string | null } = {},
): MadeUp {
  const { id = 'one', kind = 'openai', label = id, lane = id, host = 'gpu.lan:8000' } = about;
  const models = [{ name: `${id}-model`, sizeBytes: null, family: null, parameters: null, quantization: null }];
  const describe = () => ({ url: `http://${host}/v1`, host });
  const backend: MadeUp = {
    asked: [],
    looks: [],
    health: {},
    failure: null,
    said: null,
    pause: null,
    id,
    kind,
    label,
    lane,
    abilities: [],
    concurrency: 1,
    look(_signal, depth = 'wake') {
      backend.looks.push(depth);
      const health = { state: 'ready' as const, isOwned: false, version: '1', latencyMs: 1, problem: null };
      return Promise.resolve({ ...describe(), ...health, models, ...backend.health });
    },
    models: () => Promise.resolve(models),
    modelFor: (requested) => requested ?? `${id}-model`,
    describe,
    async *chat(request): AsyncIterable<ChatEvent> {
      backend.asked.push(request);
      if (backend.pause) await backend.pause;
      const { failure, said } = backend;
      if (said !== null) {
        yield* said;
        return;
      }
      if (failure === null || failure.isAfterFirstToken) yield { type: 'text', text: `from ${id}` };
      if (failure) throw failure.error;
      yield { type: 'done', reason: 'stop', usage: noUsage };
    },
  };
  return backend;
}

/** Nobody answers there. */
export const unreachable: Partial<BackendHealth> = {
  state: 'unavailable',
  problem: errorInfo('backend_unreachable', { backend: 'It', host: 'gpu.lan:8000' }),
};

export interface MadeUpChain {
  backends: Backends;
  settings: SettingsStore;
  /** By id; edited ones are made anew, and the last one made is here. */
  made: Map<string, MadeUp>;
  of: (id: string) => MadeUp;
}

/** A list of these added backends, with Ollama and the built-in engine switched off, and the demo unless it is off too. */
export function madeUpChain(
  ids: readonly string[],
  patch: SettingsPatch = {},
  options: Partial<BackendsOptions> & { hosts?: Record<string, string> } = {},
): MadeUpChain {
  const added = ids.map((id) => ({
    id,
    url: `http://${options.hosts?.[id] ?? `${id}.lan:8000`}/v1`,
    name: id,
    hasKey: false,
    headerNames: [],
    standsIn: true,
  }));
  const settings = memorySettings({
    ollama: { address: '127.0.0.1:1', startWhenNeeded: false },
    ...patch,
    backends: { added, order: [...ids], switches: { ollama: false, llamacpp: false }, ...patch.backends },
  });
  const made = new Map<string, MadeUp>();
  const of = (id: string): MadeUp => {
    const backend = made.get(id);
    if (!backend) throw new Error(`nobody made ${id}`);
    return backend;
  };
  const local = madeUp({ id: 'llamacpp', kind: 'llamacpp', host: null });
  const backends = createBackends({
    settings,
    places: createPlaces({
      address: () => ({ ...parseAddress('127.0.0.1:1'), from: 'settings' }),
      server: null,
      isStartAllowed: () => false,
      connectTimeoutMs: () => 1_000,
    }),
    ollamaServer: null,
    llama: { backend: () => local, forFile: () => local, stop: () => Promise.resolve() },
    demo: madeUp({ id: 'demo', kind: 'demo', host: null }),
    remote(url, { id, label }) {
      const backend = madeUp({ id, label, host: 'host' in url ? url.host : null });
      made.set(id, backend);
      return backend;
    },
    ...options,
  });
  backends.status();
  return { backends, settings, made, of };
}
