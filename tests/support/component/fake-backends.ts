// The list of backends of the fake Hearth: it can be changed as main would, without anybody behind it.
import type {
  AddBackendInput,
  BackendsStatus,
  BackendStatus,
  EditBackendInput,
  Family,
  ProbeInput,
  ProbeResult,
} from '../../../src/contract/backends.ts';
import type { AddedBackend, Settings } from '../../../src/contract/settings.ts';

/** What the next looks find, and the families there are. */
export interface FakeBackends {
  /** What is found at an address; null never answers. */
  probe: (input: ProbeInput) => ProbeResult | null;
  families: Family[];
  /** Looks that were given up because the address changed. */
  abandoned: number;
}

/** Names a procedure, so that its calls are noted and can be made to fail. */
type Call = <Input, Output>(name: string, work: (input: Input) => Output) => (input: Input) => Promise<Output>;

export interface FakeBackendsOptions {
  get: () => BackendsStatus;
  set: (status: BackendsStatus) => void;
  settings: () => Settings;
  setSettings: (settings: Settings) => void;
}

export function fakeBackends(call: Call, { get, set, settings, setSettings }: FakeBackendsOptions) {
  const bin = new Map<string, { backend: BackendStatus; entry: AddedBackend | undefined; index: number }>();
  const fake: FakeBackends = { probe: () => ANSWERS, families: FAMILIES, abandoned: 0 };

  const put = (patch: Partial<BackendsStatus>) => {
    set({ ...get(), ...patch });
    return get();
  };
  const setAdded = (added: AddedBackend[]) =>
    setSettings({ ...settings(), backends: { ...settings().backends, added } });
  const change = (id: string, patch: Partial<BackendStatus>) =>
    put({ backends: get().backends.map((one) => (one.id === id ? { ...one, ...patch } : one)) });
  const insert = (backend: BackendStatus, index: number) =>
    put({ backends: get().backends.toSpliced(index, 0, backend) });
  const beforeDemo = () => {
    const at = get().backends.findIndex(({ kind }) => kind === 'demo');
    return at < 0 ? get().backends.length : at;
  };
  const look = call('backends.probe', (input: ProbeInput) => fake.probe(input));

  const client = {
    backends: {
      probe: async (input: ProbeInput, at?: { signal?: AbortSignal }) => {
        const result = await look(input);
        if (result !== null) return result;
        return new Promise<never>((_, reject) => {
          at?.signal?.addEventListener('abort', () => {
            fake.abandoned += 1;
            reject(new Error('aborted'));
          });
        });
      },
      add: call('backends.add', ({ url, name, standsIn = false }: AddBackendInput) => {
        const found = fake.probe({ url });
        const entry: AddedBackend = {
          id: `added-${get().backends.length}`,
          url: found?.url ?? url,
          name: name ?? found?.name ?? url,
          hasKey: false,
          headerNames: [],
          standsIn,
        };
        setAdded([...settings().backends.added, entry]);
        return insert(backendOf(entry, found), beforeDemo());
      }),
      edit: call('backends.edit', ({ id, name, url, standsIn, key, headers }: EditBackendInput) => {
        setAdded(
          settings().backends.added.map((entry) =>
            entry.id === id
              ? {
                  ...entry,
                  name: name ?? entry.name,
                  url: url ?? entry.url,
                  standsIn: standsIn ?? entry.standsIn,
                  hasKey: key === undefined ? entry.hasKey : key !== null,
                  headerNames: namesAfter(entry.headerNames, headers ?? {}),
                }
              : entry,
          ),
        );
        const before = get().backends.find((one) => one.id === id)!;
        return change(id, {
          label: name ?? before.label,
          url: url ?? before.url,
          standsIn: standsIn ?? before.standsIn,
        });
      }),
      remove: call('backends.remove', ({ id }: { id: string }) => {
        const index = get().backends.findIndex((one) => one.id === id);
        const entry = settings().backends.added.find((one) => one.id === id);
        bin.set(id, { backend: get().backends[index]!, entry, index });
        setAdded(settings().backends.added.filter((one) => one.id !== id));
        return put({ backends: get().backends.filter((one) => one.id !== id) });
      }),
      undoRemove: call('backends.undoRemove', ({ id }: { id: string }) => {
        const removed = bin.get(id)!;
        if (removed.entry) setAdded([...settings().backends.added, removed.entry]);
        return insert(removed.backend, removed.index);
      }),
      setOn: call('backends.setOn', ({ id, isOn }: { id: string; isOn: boolean }) =>
        change(id, { state: isOn ? 'ready' : 'off' }),
      ),
      move: call('backends.move', ({ id, index }: { id: string; index: number }) => {
        const moved = get().backends.find((one) => one.id === id)!;
        const rest = get().backends.filter((one) => one.id !== id);
        return put({ backends: rest.toSpliced(index, 0, moved), isOrderAutomatic: false });
      }),
      resetOrder: call('backends.resetOrder', () => put({ isOrderAutomatic: true })),
      families: call('backends.families', () => fake.families),
    },
  };
  return { fake, client };
}

function namesAfter(names: readonly string[], changes: Record<string, string | null>): string[] {
  const kept = names.filter((name) => changes[name] !== null);
  return [...new Set([...kept, ...Object.keys(changes).filter((name) => changes[name] !== null)])];
}

/** A backend as main tells of one that was added. */
export function backendOf(entry: AddedBackend, found: ProbeResult | null): BackendStatus {
  return {
    id: entry.id,
    kind: found?.kind ?? 'openai',
    label: entry.name,
    url: entry.url,
    host: found?.host ?? new URL(entry.url).host,
    state: 'ready',
    isOwned: false,
    version: found?.version ?? null,
    latencyMs: found?.latencyMs ?? null,
    models: found?.models ?? [],
    problem: null,
    abilities: [],
    standsIn: entry.standsIn,
    restsUntilMs: null,
    lastAnswerAtMs: null,
    origin: 'added',
  };
}

const MODELS = ['qwen3:8b', 'gemma3:4b', 'phi4:14b'].map((name) => ({
  name,
  sizeBytes: null,
  family: null,
  parameters: null,
  quantization: null,
}));

export const ANSWERS: ProbeResult = {
  url: 'http://192.168.1.20:1234/v1',
  kind: 'openai',
  name: 'LM Studio',
  host: '192.168.1.20:1234',
  version: null,
  latencyMs: 34,
  models: MODELS,
  key: 'notNeeded',
  problem: null,
};

const FAMILIES: Family[] = [
  {
    id: 'llama',
    label: 'Llama',
    defaults: {
      contextTokens: 8_192,
      maxTokens: 8_192,
      repeatPenalty: 1.1,
      temperature: 0.6,
      topP: 0.9,
      topK: null,
      minP: null,
      stop: ['<|eot_id|>'],
    },
    thinking: null,
    specialTokens: ['<|begin_of_text|>', '<|eot_id|>'],
    sources: ['https://example.org/llama'],
  },
  {
    id: 'deepseek',
    label: 'DeepSeek',
    defaults: {
      contextTokens: 16_384,
      maxTokens: 16_384,
      repeatPenalty: null,
      temperature: 0.6,
      topP: 0.95,
      topK: null,
      minP: null,
      stop: [],
    },
    thinking: { open: '<think>', close: '</think>' },
    specialTokens: [],
    sources: ['https://example.org/deepseek'],
  },
];
