// The models of the fake Hearth: those here, those on their way, those one could get. Downloads move when a test says so.
import type { AddDownloadInput, Download, DownloadId, DownloadsStatus } from '../../../src/contract/downloads.ts';
import type {
  Catalogue,
  ContextRoom,
  EditModelInput,
  EnsureInput,
  EnsureResult,
  FileReport,
  Fit,
  InstalledModel,
  ModelDetails,
  ModelRef,
  ModelsStatus,
} from '../../../src/contract/models.ts';
import { testStream } from './stream.ts';

export interface FakeModels {
  status: ModelsStatus;
  downloads: DownloadsStatus;
  catalogue: Catalogue;
  /** What the user picks next; null picks nothing. */
  picked: string | null;
  report: FileReport;
  details: ModelDetails;
  /** What more context would take. */
  room: ContextRoom;
  /** What is known to be outdated: `ensure` with `isFresh` fetches it. */
  outdated: string[];
  set(patch: Partial<ModelsStatus>): void;
  /** The list of downloads as a whole. */
  setDownloads(downloads: Download[], parallel?: number): void;
  /** Begins or changes the download of a model. */
  download(model: string, patch?: Partial<Download>): Download;
  /** A download that came to its end: its model is here. */
  arrive(model: string): void;
}

/** Names a procedure, so that its calls are noted and can be made to fail. */
type Call = <Input, Output>(name: string, work: (input: Input) => Output) => (input: Input) => Promise<Output>;

export function fakeModels(call: Call) {
  const statuses = testStream(() => fake.status);
  const transfers = testStream(() => fake.downloads);
  const setDownloads = (downloads: Download[]) => {
    fake.downloads = { ...fake.downloads, downloads };
    transfers.say(fake.downloads);
  };
  const fake: FakeModels = {
    status: NO_MODELS,
    downloads: { downloads: [], parallel: 1 },
    catalogue: CATALOGUE,
    picked: '/home/user/tiny.gguf',
    report: TINY_FILE,
    details: DETAILS,
    room: { type: 'model', canTokens: null },
    outdated: [],
    setDownloads(downloads, parallel = 1) {
      fake.downloads = { ...fake.downloads, parallel };
      setDownloads(downloads);
    },
    set(patch) {
      fake.status = { ...fake.status, ...patch };
      statuses.say(fake.status);
    },
    download(model, patch = {}) {
      const others = fake.downloads.downloads.filter((one) => one.model !== model);
      const before = fake.downloads.downloads.find((one) => one.model === model) ?? beginning(model);
      const download = { ...before, ...patch };
      setDownloads([download, ...others]);
      return download;
    },
    arrive(model) {
      fake.download(model, { ...STILL, state: 'done', progress: 1, finishedAtMs: Date.now() });
      fake.set({ installed: [...(fake.status.installed ?? []), installed(model)] });
    },
  };
  const find = (id: DownloadId) => {
    const found = fake.downloads.downloads.find((one) => one.id === id);
    if (!found) throw new Error(`no download ${id}`);
    return found;
  };
  const client = {
    models: {
      status: call('models.status', () => fake.status),
      watch: (_: unknown, at?: { signal?: AbortSignal }) => statuses.open(at),
      refresh: call('models.refresh', () => fake.status),
      ensure: call('models.ensure', ({ model, isFresh }: EnsureInput): EnsureResult => {
        const isHere = fake.status.installed?.some(({ name }) => name === model);
        if (isHere && !(isFresh && fake.outdated.includes(model))) return { type: 'present', wasChecked: isFresh };
        const download = fake.download(model, { state: 'running', step: 'manifest' });
        return { type: 'downloading', reason: isHere ? 'outdated' : 'missing', download };
      }),
      details: call('models.details', ({ name, engine }: ModelRef) => ({ ...fake.details, name, engine })),
      contextRoom: call('models.contextRoom', () => fake.room),
      allowContext: call('models.allowContext', () => ({})),
      load: call('models.load', () => ({})),
      unload: call('models.unload', () => ({})),
      remove: call('models.remove', (ref: ModelRef) => {
        fake.set({ removing: [...fake.status.removing, { ...ref, untilMs: Date.now() + 10_000 }] });
        return fake.status;
      }),
      undoRemove: call('models.undoRemove', (ref: ModelRef) => {
        fake.set({ removing: fake.status.removing.filter((one) => !isSame(one, ref)) });
        return fake.status;
      }),
      copy: call('models.copy', () => ({})),
      edit: call('models.edit', ({ system, settings }: EditModelInput) => {
        fake.details = { ...fake.details, system, settings };
        return fake.details;
      }),
      clearLeftovers: call('models.clearLeftovers', () => {
        const { disk } = fake.status;
        if (disk) fake.set({ disk: { ...disk, leftoverBytes: 0, leftoverCount: 0 } });
        return { freedBytes: disk?.leftoverBytes ?? 0 };
      }),
      pickFolder: call('models.pickFolder', () => ({ path: fake.picked })),
      moveFolder: call('models.moveFolder', () => ({ id: 'work' })),
      pickFile: call('models.pickFile', () => ({ path: fake.picked })),
      inspectFile: call('models.inspectFile', () => fake.report),
      importFile: call('models.importFile', () => ({ id: 'work' })),
      cancelWork: call('models.cancelWork', ({ id }: { id: string }) => {
        fake.set({ work: fake.status.work.filter((one) => one.id !== id) });
        return {};
      }),
    },
    downloads: {
      status: call('downloads.status', () => fake.downloads),
      watch: (_: unknown, at?: { signal?: AbortSignal }) => transfers.open(at),
      add: call('downloads.add', ({ model }: AddDownloadInput) => {
        const known = fake.downloads.downloads.find((one) => one.model === model);
        if (known) return known;
        const download = { ...beginning(model), state: 'waiting' as const };
        setDownloads([...fake.downloads.downloads, download]);
        return download;
      }),
      clearFinished: call('downloads.clearFinished', () => {
        setDownloads(fake.downloads.downloads.filter(({ state }) => state !== 'done'));
        return {};
      }),
      pause: call('downloads.pause', ({ id }: { id: DownloadId }) =>
        fake.download(find(id).model, { ...STILL, state: 'paused' }),
      ),
      resume: call('downloads.resume', ({ id }: { id: DownloadId }) =>
        fake.download(find(id).model, { state: 'running', step: 'layers', problem: null }),
      ),
      cancel: call('downloads.cancel', ({ id }: { id: DownloadId }) => {
        setDownloads(fake.downloads.downloads.filter((one) => one.id !== id));
        return {};
      }),
    },
    catalogue: {
      get: call('catalogue.get', () => fake.catalogue),
      refresh: call('catalogue.refresh', () => (fake.catalogue = { ...fake.catalogue, source: 'refreshed' })),
    },
  };
  return { fake, client };
}

const STILL = { step: null, bytesPerSecond: null, secondsLeft: null, heardAtMs: null, retryAtMs: null } as const;

const isSame = (a: ModelRef, b: ModelRef) => a.name === b.name && a.engine === b.engine;

/** A download as it is when it has just begun. */
export function beginning(model: string): Download {
  return {
    ...STILL,
    id: crypto.randomUUID() as DownloadId,
    model,
    state: 'running',
    totalBytes: null,
    completedBytes: 0,
    progress: 0,
    attempt: 0,
    problem: null,
    createdAtMs: Date.now(),
    finishedAtMs: null,
  };
}

/** A model of Ollama that is here. */
export function installed(name: string, patch: Partial<InstalledModel> = {}): InstalledModel {
  return {
    name,
    engine: 'ollama',
    sizeBytes: 2_019_393_189,
    digest: null,
    family: 'llama',
    parameters: '3.2B',
    quantization: 'Q4_K_M',
    contextLength: 131_072,
    capabilities: ['completion'],
    modifiedAtMs: null,
    lastUsedAtMs: null,
    loaded: null,
    path: null,
    ...patch,
  };
}

export const NO_MODELS: ModelsStatus = {
  installed: [],
  problem: null,
  disk: null,
  removing: [],
  loading: [],
  work: [],
};

const FREE_BYTES = 11_200_000_000;

/** What needs so much of 11.2 GB. */
export function fitOf(needBytes: number): Fit {
  const share = needBytes / FREE_BYTES;
  return {
    label: share < 0.8 ? 'fits' : share <= 1 ? 'tight' : 'too_big',
    needBytes,
    freeBytes: FREE_BYTES,
    weightsBytes: needBytes * 0.7,
    cacheBytes: needBytes * 0.2,
    overheadBytes: needBytes * 0.1,
    contextLength: 4096,
    place: 'memory',
  };
}

export const TINY_FILE: FileReport = {
  path: '/home/user/tiny.gguf',
  sizeBytes: 1_100_000_000,
  suggestedName: 'tiny',
  architecture: 'llama',
  parameters: '1.2B',
  quantization: 'Q4_K_M',
  contextLength: 8192,
  fit: fitOf(1.9e9),
};

export const DETAILS: ModelDetails = {
  name: 'llama3.2:3b',
  engine: 'ollama',
  family: 'llama',
  parameters: '3.2B',
  quantization: 'Q4_K_M',
  contextLength: 131_072,
  capabilities: ['completion', 'tools'],
  license: 'LLAMA 3.2 COMMUNITY LICENSE AGREEMENT',
  system: 'Answer in one sentence.',
  settings: [
    { name: 'temperature', value: '0.7' },
    { name: 'stop', value: '<|eot_id|>' },
  ],
  template: '{{ .System }}{{ .Prompt }}',
  isEditable: true,
  fit: fitOf(3.4e9),
};

function entry(model: string, goodAt: string, downloadBytes: number, needBytes: number) {
  const [id = model, size = ''] = model.split(':');
  return {
    id,
    name: id,
    family: id,
    goodAt,
    licence: 'Apache 2.0',
    capabilities: ['completion' as const],
    languages: ['en'],
    variants: [
      {
        model,
        size: size.toUpperCase(),
        quantization: 'Q4_K_M',
        downloadBytes,
        layers: 28,
        kvHeads: 8,
        headSize: 128,
        contextLength: 131_072,
        fit: fitOf(needBytes),
        isInstalled: false,
      },
    ],
  };
}

export const CATALOGUE: Catalogue = {
  updated: '2026-11-01',
  source: 'shipped',
  hardware: { memoryBytes: 16e9, freeMemoryBytes: FREE_BYTES, gpus: [], physicalCores: 8 },
  suggested: 'llama3.2:3b',
  entries: [
    entry('gemma3:12b', 'Careful writing, reads images', 8.1e9, 10.4e9),
    entry('llama3.2:3b', 'Quick, good at everyday questions', 2.0e9, 3.4e9),
    entry('qwen2.5:7b', 'Better at code and other languages', 4.7e9, 6.3e9),
    entry('llama3.3:70b', 'Needs a workstation', 43e9, 46e9),
    entry('mistral:7b', 'Plain answers', 4.1e9, 5.9e9),
  ],
};
