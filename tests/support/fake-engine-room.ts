// A client of Hearth for tests of terminal commands: says what it is told to say, and remembers what it was asked.
import type { HearthClient } from '../../src/cli/connect.ts';
import type { Download, DownloadId } from '../../src/contract/downloads.ts';
import type { EngineStatus, InstallStatus } from '../../src/contract/engine.ts';
import type { InstalledModel, ModelsStatus } from '../../src/contract/models.ts';

export const download: Download = {
  id: '01900000-0000-7000-8000-000000000001' as DownloadId,
  model: 'llama3.2:3b',
  state: 'running',
  step: 'layers',
  totalBytes: 2_000_000_000,
  completedBytes: 900_000_000,
  progress: 0.45,
  bytesPerSecond: 18_000_000,
  secondsLeft: 65,
  heardAtMs: null,
  attempt: 0,
  retryAtMs: null,
  problem: null,
  createdAtMs: 1,
  finishedAtMs: null,
};

export const installedModel: InstalledModel = {
  name: 'llama3.2:3b',
  engine: 'ollama',
  sizeBytes: 2_019_393_189,
  digest: 'a80c4f17acd5',
  family: 'llama',
  parameters: '3.2B',
  quantization: 'Q4_K_M',
  contextLength: 131_072,
  capabilities: ['completion'],
  modifiedAtMs: 1,
  lastUsedAtMs: null,
  loaded: null,
  path: null,
};

export const modelsStatus: ModelsStatus = {
  installed: [installedModel],
  problem: null,
  disk: null,
  removing: [],
  loading: [],
  work: [],
};

export const engineStatus: EngineStatus = {
  owner: 'hearth',
  state: 'ready',
  activity: [],
  host: '127.0.0.1:35211',
  version: '0.32.5',
  pid: 1234,
  startedAtMs: 1,
  program: '/usr/bin/ollama',
  problem: null,
  lastLines: [],
  restart: null,
  isHeld: false,
  isOwnInstallation: false,
  needsRestart: false,
  logPath: '/logs/ollama.log',
};

export const installStatus: InstallStatus = {
  state: 'none',
  installedVersion: null,
  installedBytes: null,
  version: null,
  offer: { version: '0.32.5', sizeBytes: 1_422_353_729, diskBytes: 5e9, host: 'github.com' },
  receivedBytes: 0,
  totalBytes: null,
  stepProgress: null,
  bytesPerSecond: null,
  secondsLeft: null,
  retryAtMs: null,
  problem: null,
};

type Answer = (input: unknown, options?: { signal?: AbortSignal }) => unknown;

/** @param answers by `room.procedure`; an error is thrown, everything else is what it resolves with */
export function fakeClient(answers: Record<string, Answer>): { client: HearthClient; asked: string[] } {
  const asked: string[] = [];
  const room = (name: string) =>
    new Proxy(
      {},
      {
        get: (_, procedure) => async (input: unknown, options?: { signal?: AbortSignal }) => {
          const key = `${name}.${String(procedure)}`;
          asked.push(key);
          const answer = answers[key];
          if (answer === undefined) throw new Error(`${key} was not expected`);
          return answer(input, options);
        },
      },
    );
  const client = new Proxy({}, { get: (_, name) => room(String(name)) }) as HearthClient;
  return { client, asked };
}

/** What a `watch` says, one after the other; then it waits for the signal, or fails. */
export const saying = (values: readonly unknown[], end?: { error?: Error; onSaid?: () => void }): Answer =>
  async function* (_input, options) {
    yield* values;
    end?.onSaid?.();
    if (end?.error !== undefined) throw end.error;
    const signal = options?.signal;
    if (signal === undefined || signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  };
