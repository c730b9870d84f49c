// The engines as the chat and the windows use them: what is known of each, which one a question goes to, asking it.
import type { BackendStatus, BackendsStatus } from '../../contract/backends.ts';
import type { BackendId } from '../../contract/ids.ts';
import type { Settings } from '../../contract/settings.ts';
import { HearthError } from '../errors/index.ts';
import { type ActivityBoard, type OllamaServer, OLLAMA_LABEL, type Places, unlessAborted } from '../ollama/index.ts';
import type { SettingsStore } from '../settings/index.ts';
import { createChooser } from './chooser.ts';
import { chainOf, isUsable, type Listed, reasonsText } from './choose.ts';
import { createDemoBackend } from './demo.ts';
import { readEnvironment, settingsInForce } from './environment.ts';
import { followServer } from './follow-server.ts';
import { createHealth } from './health.ts';
import type { Access, Backend, Backends, LocalEngine } from './interface.ts';
import { createOllamaBackend } from './ollama/index.ts';
import { createRegistry } from './registry.ts';
import { createRemoteBackend } from './remote.ts';
import { runPlan } from './run.ts';

export interface BackendsOptions {
  settings: SettingsStore;
  /** Where Ollama answers. */
  places: Places;
  /** Starts an Ollama when none answers on this computer; null never starts one. */
  ollamaServer: OllamaServer | null;
  llama: LocalEngine;
  /** Told what Ollama is asked; by default nobody is. */
  board?: ActivityBoard;
  /** The key and headers of an added backend. By default none has any. */
  accessOf?: (id: BackendId) => Promise<Access>;
  /** Relative model files of a backend URL are relative to here. Default: the working folder. */
  cwd?: string;
  /** Its variables stand for what the user left open. By default none is set. */
  env?: NodeJS.ProcessEnv;
  demo?: Backend;
  now?: () => number;
}

/** How often the state of the backends is looked at while somebody can see it. */
const POLL_MS = 30_000;

export function createBackends(options: BackendsOptions): Backends {
  const { ollamaServer, llama, cwd = process.cwd(), now = Date.now } = options;
  const environment = readEnvironment(options.env ?? {}, cwd);
  const settings = settingsInForce(options.settings, environment);
  const timeoutsOf = (id: BackendId): Settings['timeouts'] => ({
    ...settings.get().timeouts,
    ...settings.get().backends.limits[id],
  });
  const engine = () => settings.get().engine;
  const ollama = createOllamaBackend({
    id: 'ollama',
    label: OLLAMA_LABEL,
    places: options.places,
    server: ollamaServer,
    preferredModel: () => environment.ollamaModel(options.settings.get()),
    timeouts: () => timeoutsOf('ollama'),
    engine,
    board: options.board ?? null,
  });
  const registry = createRegistry({
    builtin: [ollama, llama.backend(), options.demo ?? createDemoBackend()],
    llama,
    remote: (url, remote) => createRemoteBackend(url, remote, engine),
    entries: () => [
      ...settings.get().backends.added.map((one) => ({ ...one, origin: 'added' as const })),
      ...environment.entries(options.settings.get()),
    ],
    isOn: (id) => (id === 'demo' ? settings.get().demoAsLastResort : (settings.get().backends.switches[id] ?? true)),
    order: () => settings.get().backends.order,
    isAppleSilicon: process.platform === 'darwin' && process.arch === 'arm64',
    accessOf: options.accessOf ?? (() => Promise.resolve({ key: null, headers: {} })),
    timeoutsOf,
    cwd,
  });
  const listeners = new Set<(status: BackendsStatus) => void>();
  const stopListening: (() => void)[] = [];
  const lastAnswerAtMs = new Map<BackendId, number>();
  let pollTimer: NodeJS.Timeout | null = null;
  let stopping: Promise<void> | null = null;

  const health = createHealth({
    backends: () => registry.list().map(({ backend }) => backend),
    limitMs: () => settings.get().timeouts.connectMs,
    depthFor: (backend) => (chatChain().some((one) => one.backend === backend && one.isOn) ? 'wake' : 'look'),
    onChange: tell,
  });
  const chooser = createChooser({ registry, health, settings });

  function chatChain(): Listed[] {
    const { backend, ifFails } = settings.get();
    return chainOf(registry.list(), { first: backend === 'auto' ? null : backend, ifFails, isBackground: false });
  }

  function tell(): void {
    if (listeners.size === 0) return;
    const current = status();
    for (const listener of listeners) listener(current);
  }

  function statusOf({ backend, origin, isOn, standsIn }: Listed): BackendStatus {
    const { id, kind, label, abilities } = backend;
    return {
      id,
      kind,
      label,
      ...health.get(backend),
      ...(isOn ? {} : { state: 'off' as const, problem: null }),
      abilities: [...abilities],
      standsIn,
      restsUntilMs: null,
      lastAnswerAtMs: lastAnswerAtMs.get(id) ?? null,
      origin,
    };
  }

  function status(): BackendsStatus {
    const usable = chatChain().filter(({ isOn }) => isOn);
    const { backend } =
      usable.find((one) => isUsable(health.get(one.backend), one.backend)) ?? usable[0] ?? registry.list().at(-1)!;
    return {
      backends: registry.list().map(statusOf),
      chosen: { id: backend.id, kind: backend.kind, label: backend.label, model: chooser.modelOf(backend, {}) },
      isChecking: health.isChecking(),
      isOrderAutomatic: settings.get().backends.order.length === 0,
      environment: environment.values(options.settings.get()),
      secretsIn: 'file',
    };
  }

  function followSettings(): void {
    let before = relevant(settings.get());
    stopListening.push(
      settings.onChange((changed) => {
        const after = relevant(changed);
        if (after === before) return;
        before = after;
        tell();
        // A check that is under way began with the settings of before.
        void (health.isChecking() ? health.check().then(() => health.check()) : health.check());
      }),
    );
  }

  async function poll(): Promise<void> {
    const seen = registry.list().filter(({ isOn }) => isOn);
    await Promise.all(seen.map(({ backend }) => health.look(backend, timeoutsOf(backend.id).connectMs)));
  }

  function setWatched(isWatched: boolean): void {
    if (pollTimer !== null) clearInterval(pollTimer);
    pollTimer = isWatched && stopping === null ? setInterval(() => void poll(), POLL_MS) : null;
  }

  async function stopAll(): Promise<void> {
    setWatched(false);
    for (const stop of stopListening) stop();
    health.stop();
    listeners.clear();
    await registry.stop();
  }

  return {
    async plan(wish, signal) {
      const { candidates, skipped, model } = await unlessAborted(chooser.choose(wish), signal);
      const first = candidates[0];
      if (!first) throw new HearthError('no_backend', { reasons: reasonsText(skipped) });
      return { candidates, skipped, model, lane: first.lane, concurrency: first.concurrency };
    },
    run: (plan, request, signal) =>
      runPlan(plan, request, {
        signal,
        onSkipped: (backend) => void health.look(backend, timeoutsOf(backend.id).connectMs),
        onAnswer: ({ id }) => void lastAnswerAtMs.set(id, now()),
      }),
    status,
    async check() {
      await health.check();
      return status();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      if (stopListening.length > 0 || stopping !== null) return;
      const look = () => health.look(ollama, timeoutsOf('ollama').connectMs);
      stopListening.push(followServer({ backend: ollama, places: options.places, ollamaServer, health, look }));
      followSettings();
      void health.check();
    },
    setWatched,
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

/** The settings that change what answers; a check follows when one of them does. */
function relevant(settings: Settings): string {
  const { backend, model, ollama, engine, llamacpp, mlx, demoAsLastResort, backends, ifFails } = settings;
  return JSON.stringify([backend, model, ollama, engine, llamacpp, mlx, demoAsLastResort, backends, ifFails]);
}
