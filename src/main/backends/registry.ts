// Which backends there are: the built-in ones, those the user added, and those that were named in a URL for one question.
import type { BackendStatus } from '../../contract/backends.ts';
import type { BackendId } from '../../contract/ids.ts';
import type { AddedBackend } from '../../contract/settings.ts';
import { HearthError } from '../errors/index.ts';
import { inOrder, type Listed } from './choice/chain.ts';
import type { Access, Backend, LocalEngine, MlxEngine, RemoteOptions } from './interface.ts';
import { createUnusableBackend } from './choice/unusable.ts';
import { type BackendUrl, isModelFile, modelFilePath, parseBackendUrl, printBackendUrl } from './url/url.ts';

/** An entry of the list that is reached by its URL. */
export type Entry = Pick<AddedBackend, 'id' | 'url' | 'name' | 'standsIn'> & {
  origin: Extract<BackendStatus['origin'], 'added' | 'environment'>;
};

export interface RegistryOptions {
  /** The built-in backends: Ollama, the built-in engine, MLX, the demo. */
  builtin: readonly Backend[];
  llama: LocalEngine;
  mlx?: MlxEngine;
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

/** The id of those that were named by their URL for one question. */
export const UNLISTED = 'unlisted';
const NO_ACCESS: Access = { key: null, headers: {} };

export function createRegistry(options: RegistryOptions): Registry {
  const { builtin, llama, remote, entries, isOn, cwd } = options;
  /** By all that a backend is made from, so that an entry that changed gets a new one. */
  const made = new Map<string, Backend>();

  function entryBackend({ id, url, name }: Entry): Backend {
    return once(JSON.stringify([id, url, name]), () => makeEntry({ id, url, name }));
  }

  /** One that can't be made, for example with an address that was written into the settings by hand, tells why. */
  function makeEntry({ id, url, name: label }: Pick<Entry, 'id' | 'url' | 'name'>): Backend {
    try {
      const parsed = parseBackendUrl(url);
      // The engines of this computer run once, however many entries name models of theirs.
      if (parsed.scheme === 'llamacpp' && parsed.model !== null) return named(withFile(parsed.model), { id, label });
      if (parsed.scheme === 'mlx' && parsed.model !== null && options.mlx)
        return named(options.mlx.forModel(parsed.model), { id, label });
      return remote(parsed, {
        id,
        label,
        access: () => options.accessOf(id),
        timeouts: () => options.timeoutsOf(id),
      });
    } catch (error) {
      return createUnusableBackend({ id, label }, error);
    }
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

  /** The entry at the same address: it has the key, the headers and the limits for it. */
  function listedAt(address: string): Backend | null {
    const entry = entries().find(({ url }) => addressOf(url) === address);
    return entry ? entryBackend(entry) : null;
  }

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
        case 'mlx':
          return url.model !== null && options.mlx ? options.mlx.forModel(url.model) : builtinOf('mlx');
        case 'ollama':
          if (url.host === null) return builtinOf('ollama');
          break;
        case 'http':
        case 'https':
        case 'query+http':
        case 'query+https':
          break;
        default:
          return url satisfies never;
      }
      // Those without a host were handed out above.
      const label = ('host' in url ? url.host : null) ?? url.scheme;
      const server: BackendUrl = 'model' in url ? { ...url, model: null } : url;
      const address = printBackendUrl(server);
      const access = () => Promise.resolve(NO_ACCESS);
      const timeouts = () => options.timeoutsOf(UNLISTED);
      return listedAt(address) ?? once(address, () => remote(server, { id: UNLISTED, label, access, timeouts }));
    },
    withFile,
    async stop() {
      const engines = [...builtin, ...made.values()];
      await Promise.allSettled([...engines.map((engine) => engine.stop?.()), llama.stop(), options.mlx?.stop()]);
    },
  };
}

/** The address of a URL without the model; null for one that can't be read. */
function addressOf(text: string): string | null {
  try {
    const url = parseBackendUrl(text);
    return printBackendUrl('model' in url ? { ...url, model: null } : url);
  } catch {
    return null;
  }
}

/** The same backend as an entry of the list; what runs behind it is shared. */
function named(backend: Backend, { id, label }: Pick<Backend, 'id' | 'label'>): Backend {
  return Object.create(backend, { id: { value: id }, label: { value: label } }) as Backend;
}
