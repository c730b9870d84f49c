// Variables of the environment as defaults: they count where the user has chosen nothing. The table is in docs/user-guide.md.
import type { EnvironmentValue } from '../../../contract/backends.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { SettingsStore } from '../../settings/index.ts';
import {
  readAddress,
  readDuration,
  readModel,
  readSwitch,
  readTarget,
  readVariable,
  type Target,
  type Variable,
} from './environment-variables.ts';
import type { Entry } from '../registry.ts';
import { parseBackendUrl, printBackendUrl } from '../url/url.ts';

type Kind = 'service' | 'chat' | 'emotion' | 'facts';
/** The purposes that variables speak of. */
type Directed = Exclude<Kind, 'service'>;

export interface Environment {
  /** What the variables add to the list. Those that the user added too are left to the user's entry. */
  entries(settings: Settings): Entry[];
  /** Which variables are set, and what becomes of them with these settings. */
  values(settings: Settings): EnvironmentValue[];
  /** The model of the built-in Ollama where none was named for the question; null leaves it to Ollama. */
  ollamaModel(settings: Settings): string | null;
  /** The settings as they count: what the user left open is filled in. */
  inForce(settings: Settings): Settings;
}

const VARIABLES: Record<Kind, string> = {
  service: 'LLM_SERVICE_URL',
  chat: 'LLM_CHAT_API_URL',
  emotion: 'LLM_EMOTION_API_URL',
  facts: 'LLM_FACTS_API_URL',
};
const KINDS: readonly Kind[] = ['service', 'chat', 'emotion', 'facts'];
const DIRECTED: readonly Directed[] = ['chat', 'emotion', 'facts'];

/** Reads what is set. What can't be read is told by `values`, and counts for nothing. */
export function readEnvironment(env: NodeJS.ProcessEnv, cwd = process.cwd()): Environment {
  const baseUrl = readVariable(env, 'OLLAMA_BASE_URL', readAddress);
  const host = readVariable(env, 'OLLAMA_HOST', readAddress);
  const model = readVariable(env, 'OLLAMA_MODEL', readModel);
  const use = readVariable(env, 'USE_OLLAMA', readSwitch);
  const timeout = readVariable(env, 'OLLAMA_TIMEOUT', readDuration);
  const targets = new Map<Kind, Variable<Target | null>>();
  for (const kind of KINDS) {
    const variable = readVariable(env, VARIABLES[kind], (written) => readTarget(written, cwd));
    if (variable !== null) targets.set(kind, variable);
  }

  /** Which variable says where a purpose goes: its own, else that of all; one that can't be read says nothing. */
  function sourceOf(purpose: Directed): Kind | null {
    return [purpose, 'service' as const].find((kind) => targets.get(kind)?.problem === null) ?? null;
  }

  /** Where the variable of a kind leads, under which id; null: nowhere in particular. */
  function aim(kind: Kind, settings: Settings): { id: BackendId; target: Target } | null {
    const target = targets.get(kind)?.meaning ?? null;
    if (target === null) return null;
    if (target.builtin !== null) return { id: target.builtin, target };
    const added = settings.backends.added.find((one) => canonical(one.url) === target.url);
    if (added) return { id: added.id, target };
    const first = KINDS.find((one) => targets.get(one)?.meaning?.url === target.url) ?? kind;
    return { id: `env-${first}`, target };
  }

  /** What the environment chooses for a purpose; null where the user chose, or switched it off. */
  function directed(purpose: Directed, settings: Settings): { kind: Kind; id: BackendId; target: Target } | null {
    const kind = sourceOf(purpose);
    const aimed = kind === null ? null : aim(kind, settings);
    if (kind === null || aimed === null || isOff(aimed.id, settings)) return null;
    return isOpen(purpose, settings) ? { kind, ...aimed } : null;
  }

  /** The demo can't be: who names it means it. */
  function isOff(id: BackendId, { backends }: Settings): boolean {
    return backends.switches[id] === false;
  }

  function ollamaModel({ backend, model: chosen }: Settings): string | null {
    const isMeant = backend === 'auto' || backend === 'ollama';
    return (isMeant ? chosen : null) ?? model?.meaning ?? null;
  }

  /** The general choice: of the backend, and of its model. */
  function general(settings: Settings): Pick<Settings, 'backend' | 'model'> {
    const { backend, model: chosen } = settings;
    const chat = directed('chat', settings);
    if (chat === null) {
      return { backend, model: backend === 'auto' || backend === 'ollama' ? ollamaModel(settings) : chosen };
    }
    // A model that stands beside “choose for me” is one of Ollama's.
    if (chat.id === 'ollama') return { backend: 'ollama', model: chosen ?? chat.target.model ?? ollamaModel(settings) };
    return { backend: chat.id, model: chat.target.model };
  }

  function purposeOf(purpose: 'emotion' | 'facts', settings: Settings): Settings['purposes'][typeof purpose] {
    const found = directed(purpose, settings);
    const own = settings.purposes[purpose];
    return found === null ? own : { ...own, backend: found.id, model: found.target.model };
  }

  function isServiceInForce(settings: Settings): boolean {
    return DIRECTED.some((purpose) => sourceOf(purpose) === 'service' && isOpen(purpose, settings));
  }

  /** Whether what the variable of a kind says counts. `local://` changes nothing, and so nothing stands against it. */
  function isAimInForce(kind: Kind, settings: Settings): boolean {
    const aimed = aim(kind, settings);
    if (aimed !== null && isOff(aimed.id, settings)) return false;
    return kind === 'service' ? isServiceInForce(settings) : isOpen(kind, settings);
  }

  return {
    ollamaModel,
    entries(settings) {
      const entries = new Map<BackendId, Entry>();
      for (const kind of KINDS) {
        const aimed = aim(kind, settings);
        if (aimed === null || !aimed.id.startsWith('env-')) continue;
        const { url, label, isLocal } = aimed.target;
        entries.set(aimed.id, { id: aimed.id, url, name: label, standsIn: isLocal, origin: 'environment' });
      }
      return [...entries.values()];
    },
    values(settings) {
      const { backends } = settings;
      const isAddressOpen = isAddressFree(settings);
      const isModelOpen = ollamaModel({ ...settings, model: null }) === ollamaModel(settings);
      return [
        valueOf(baseUrl, isAddressOpen),
        valueOf(host, isAddressOpen && baseUrl === null),
        valueOf(model, isModelOpen),
        ...KINDS.map((kind) => valueOf(targets.get(kind) ?? null, isAimInForce(kind, settings))),
        valueOf(use, !('ollama' in backends.switches)),
        valueOf(timeout, backends.limits.ollama?.firstTokenMs === undefined),
      ].filter((value) => value !== null);
    },
    inForce(settings) {
      const { ollama, backends, purposes } = settings;
      const address = (baseUrl ?? host)?.meaning ?? null;
      const limits = backends.limits.ollama ?? {};
      return {
        ...settings,
        ...general(settings),
        ollama: { ...ollama, address: isAddressFree(settings) ? address : ollama.address },
        backends: {
          ...backends,
          switches: use?.meaning === false ? { ollama: false, ...backends.switches } : backends.switches,
          limits:
            timeout?.problem === null
              ? { ...backends.limits, ollama: { firstTokenMs: timeout.meaning, ...limits } }
              : backends.limits,
        },
        purposes: { ...purposes, emotion: purposeOf('emotion', settings), facts: purposeOf('facts', settings) },
      };
    },
  };
}

/** The settings as they count with this environment. */
export function withEnvironment(settings: Settings, environment: Environment): Settings {
  return environment.inForce(settings);
}

/** A store that gives the settings as they count. What is set goes to the settings themselves. */
export function settingsInForce(store: SettingsStore, environment: Environment): SettingsStore {
  let last: { raw: Settings; inForce: Settings } | null = null;
  const inForce = (raw: Settings): Settings => {
    if (last?.raw !== raw) last = { raw, inForce: withEnvironment(raw, environment) };
    return last.inForce;
  };
  return {
    get: () => inForce(store.get()),
    set: async (patch) => inForce(await store.set(patch)),
    reload: () => store.reload(),
    onChange: (listener) => store.onChange((raw) => listener(inForce(raw))),
    notices: () => store.notices(),
  };
}

/** Whether the user left it open where a purpose goes. */
function isOpen(purpose: Directed, { backend, purposes }: Settings): boolean {
  if (purpose === 'chat') return backend === 'auto';
  return purposes[purpose].backend === null && purposes[purpose].model === null;
}

function valueOf(variable: Variable<unknown> | null, isInForce: boolean): EnvironmentValue | null {
  if (variable === null) return null;
  const { name, value, problem } = variable;
  return { name, value, state: problem !== null ? 'invalid' : isInForce ? 'inForce' : 'overridden', problem };
}

/** Whether an address of the environment counts: not beside one of the settings, nor where only Hearth's own Ollama is meant. */
function isAddressFree({ ollama, engine }: Settings): boolean {
  return (ollama.address ?? '').trim() === '' && engine.use !== 'own';
}

function canonical(url: string): string {
  try {
    return printBackendUrl(parseBackendUrl(url));
  } catch {
    // An entry of an older file that can't be read any more is told where it is asked.
    return url;
  }
}
