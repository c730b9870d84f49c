// The engine and its installation of the fake Hearth: what it is, what it says in its log, how far a download is.
import type { EngineStatus, InstallStatus, LogBatch } from '../../../src/contract/engine.ts';
import type { TestStream } from './stream.ts';
import { testStream } from './stream.ts';

export interface FakeEngine {
  status: EngineStatus;
  install: InstallStatus;
  /** What the log holds before somebody follows it. */
  lines: string[];
  log: TestStream<LogBatch>;
  set(patch: Partial<EngineStatus>): void;
  setInstall(patch: Partial<InstallStatus>): void;
  /** Says lines in the log, to those who follow it. */
  say(...lines: string[]): void;
}

/** Names a procedure, so that its calls are noted and can be made to fail. */
type Call = <Input, Output>(name: string, work: (input: Input) => Output) => (input: Input) => Promise<Output>;

export function fakeEngine(call: Call) {
  const statuses = testStream(() => fake.status);
  const installs = testStream(() => fake.install);
  const fake: FakeEngine = {
    status: ENGINE_READY,
    install: NOT_INSTALLED,
    lines: [],
    log: testStream<LogBatch>(),
    set(patch) {
      fake.status = { ...fake.status, ...patch };
      statuses.say(fake.status);
    },
    setInstall(patch) {
      fake.install = { ...fake.install, ...patch };
      installs.say(fake.install);
    },
    say(...lines) {
      fake.lines.push(...lines);
      fake.log.say({ lines });
    },
  };
  const engineIs = (patch: Partial<EngineStatus>) => () => {
    fake.set(patch);
    return fake.status;
  };
  const installIs = (patch: Partial<InstallStatus>) => () => {
    fake.setInstall(patch);
    return fake.install;
  };
  const started = engineIs({ state: 'ready', owner: 'hearth', isHeld: false, needsRestart: false, problem: null });
  const stopped = engineIs({ state: 'stopped', pid: null, host: null, startedAtMs: null, isHeld: true, activity: [] });
  const client = {
    engine: {
      status: call('engine.status', () => fake.status),
      watch: (_: unknown, at?: { signal?: AbortSignal }) => statuses.open(at),
      start: call('engine.start', started),
      stop: call('engine.stop', stopped),
      restart: call('engine.restart', started),
      kill: call('engine.kill', stopped),
      log: call('engine.log', ({ lines = 100 }: { lines?: number }) => ({
        path: fake.status.logPath,
        lines: lines === 0 ? [] : fake.lines.slice(-lines),
      })),
      followLog: async ({ lines = 100 }: { lines?: number }, at?: { signal?: AbortSignal }) => {
        await call('engine.followLog', () => null)({ lines });
        const first = { lines: lines === 0 ? [] : fake.lines.slice(-lines) };
        const rest = await fake.log.open(at);
        return (async function* () {
          yield first;
          yield* rest;
        })();
      },
      openLogFolder: call('engine.openLogFolder', () => ({})),
    },
    install: {
      status: call('install.status', () => fake.install),
      watch: (_: unknown, at?: { signal?: AbortSignal }) => installs.open(at),
      start: call('install.start', installIs({ state: 'looking', version: '0.32.5', problem: null })),
      pause: call('install.pause', installIs({ state: 'paused', bytesPerSecond: null, secondsLeft: null })),
      discard: call('install.discard', installIs({ state: 'none', receivedBytes: 0, problem: null })),
      remove: call('install.remove', installIs({ state: 'none', installedVersion: null, installedBytes: null })),
    },
  };
  return { fake, client };
}

export const ENGINE_READY: EngineStatus = {
  owner: 'hearth',
  state: 'ready',
  activity: [],
  host: '127.0.0.1:36865',
  version: '0.32.5',
  pid: 48_213,
  startedAtMs: Date.now() - 60_000,
  program: '/usr/local/bin/ollama',
  problem: null,
  lastLines: [],
  restart: null,
  isHeld: false,
  isOwnInstallation: false,
  needsRestart: false,
  logPath: '/home/user/.local/share/hearth/logs/ollama.log',
};

/** Hearth has no Ollama of its own, and could get one. */
export const NOT_INSTALLED: InstallStatus = {
  state: 'none',
  installedVersion: null,
  installedBytes: null,
  version: null,
  offer: { version: '0.32.5', sizeBytes: 1_422_353_729, diskBytes: 4_200_000_000, host: 'github.com' },
  receivedBytes: 0,
  totalBytes: null,
  stepProgress: null,
  bytesPerSecond: null,
  secondsLeft: null,
  retryAtMs: null,
  problem: null,
};
