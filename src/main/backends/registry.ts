// Which backends there are: the built-in ones, those the user added, and those that were named in a URL for one question.
import type { BackendStatus } from '../../contract/backends.ts';
import type { BackendId } from '../../contract/ids.ts';
import type { AddedBackend } from '../../contract/settings.ts';
import { HearthError } from '../errors/index.ts';
import { inOrder, type Listed } from './choose.ts';
import type { Access, Backend, LocalEngine, RemoteOptions } from './interface.ts';
import { type BackendUrl, isModelFile, modelFilePath, parseBackendUrl, printBackendUrl } from './url.ts';

/** An entry of the list that is reached by its URL. */
export type Entry = Pick<AddedBackend, 'id' | 'url' | 'name' | 'standsIn'> & {
  origin: Extract<BackendStatus['origin'], 'added' | 'environment'>;
};

export interface RegistryOptions {
  /** The built-in backends: Ollama, the built-in engine, MLX, the demo. */
  builtin: readonly Backend[];
  llama: LocalEngine;
  /** Makes a backend that is reached over the network. */
  remote: (url: BackendUrl, options: RemoteOptions) => Backend;
  entries: () => readonly Entry[];
  isOn: (id: BackendId) => boolean;
  order: () => readonly BackendId[];
  isAppleSilicon: boolean;
  accessOf: (id: BackendId) => Promise<Access>;
  timeoutsOf: (id: BackendId) => ReturnType<RemoteOptions['timeouts']>;
  /** Relative model files of a backend URL are relative to here. */
  cwd: string;
}

export interface Registry {
  /** In the order in which they are tried, also those that are off. */
  list(): Listed[];
  get(id: BackendId): Listed | null;
  /** By id, or else by name as a person writes it. */
  find(idOrName: string): Listed | null;
  /** The backend of a URL. Rejects `local://` as `internal`: it names none. */
  at(url: BackendUrl): Backend;
  /** The built-in engine with one model: a file, or a name of the models folder. */
  withFile(model: string): Backend;
  stop(): Promise<void>;
}

const NO_ACCESS: Access = { key: null, headers: {} };

export function createRegistry(options: RegistryOptions): Registry {
  const { builtin, llama, remote, entries, isOn, cwd } = options;
  /** By all that a backend is made from, so that an entry that changed gets a new one. */
  const made = new Map<string, Backend>();

  function entryBackend({ id, url, name }: Entry): Backend {
    return once(JSON.stringify([id, url, name]), () =>
      remote(parseBackendUrl(url), {
        id,
        label: name,
        access: () => options.accessOf(id),
        timeouts: () => options.timeoutsOf(id),
      }),
    );
  }

  function once(key: string, make: () => Backend): Backend {
    let backend = made.get(key);
    if (!backend) made.set(key, (backend = make()));
    return backend;
  }

  function list(): Listed[] {
    const all: Listed[] = [
      ...builtin.map((backend): Listed => ({ backend, origin: 'builtin', isOn: isOn(backend.id), standsIn: true })),
      ...entries().map((entry): Listed => {
        const { id, origin, standsIn } = entry;
        return { backend: entryBackend(entry), origin, isOn: isOn(id), standsIn };
      }),
    ];
    return inOrder(all, { order: options.order(), isAppleSilicon: options.isAppleSilicon });
  }

  const get = (id: BackendId): Listed | null => list().find(({ backend }) => backend.id === id) ?? null;

  function builtinOf(id: BackendId): Backend {
    const backend = builtin.find((one) => one.id === id);
    if (!backend) throw new HearthError('internal', {}, { detail: `no backend ${id}` });
    return backend;
  }

  const withFile = (model: string): Backend => llama.forFile(isModelFile(model) ? modelFilePath(model, cwd) : model);

  return {
    list,
    get,
    find(idOrName) {
      const name = idOrName.trim().toLowerCase();
      return get(name) ?? list().find(({ backend }) => backend.label.toLowerCase() === name) ?? null;
    },
    at(url) {
      switch (url.scheme) {
        case 'local':
          throw new HearthError('internal', {}, { detail: 'local:// names no backend' });
        case 'demo':
          return builtinOf('demo');
        case 'llamacpp':
          return url.model === null ? builtinOf('llamacpp') : withFile(url.model);
        case 'ollama':
          if (url.host === null) return builtinOf('ollama');
          break;
        case 'mlx':
          return builtinOf('mlx');
        case 'http':
        case 'https':
        case 'query+http':
        case 'query+https':
          break;
        default:
          return url satisfies never;
      }
      const id = 'unlisted';
      const { host } = url;
      // One server, whatever model of it is asked for.
      return once(printBackendUrl('model' in url ? { ...url, model: null } : url), () =>
        remote(url, {
          id,
          label: host ?? url.scheme,
          access: () => Promise.resolve(NO_ACCESS),
          timeouts: () => options.timeoutsOf(id),
        }),
      );
    },
    withFile,
    async stop() {
      const engines = [...builtin, ...made.values()];
      await Promise.allSettled([...engines.map((engine) => engine.stop?.()), llama.stop()]);
    },
  };
}
