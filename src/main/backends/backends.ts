// The engines as the chat and the windows use them: what is known of each, which one a question goes to, asking it.
import type { BackendStatus, BackendsStatus } from '../../contract/backends.ts';
import type { AnswerSource, BackendKind } from '../../contract/conversations.ts';
import type { Settings } from '../../contract/settings.ts';
import { HearthError } from '../errors/index.ts';
import {
  type ActivityBoard,
  createPlaces,
  type OllamaServer,
  parseAddress,
  type Places,
  unlessAborted,
} from '../ollama/index.ts';
import type { SettingsStore } from '../settings/index.ts';
import { chainOf, isUsable, reasonsText, whyNot } from './choose.ts';
import { createDemoBackend } from './demo.ts';
import { createHealth } from './health.ts';
import type { Backend, BackendPlan, Backends, LocalEngine } from './interface.ts';
import { createOllamaBackend } from './ollama/index.ts';
import { runPlan } from './run.ts';
import { isModelFile, isModelPath, modelFilePath, parseBackendUrl } from './url.ts';

/** A question that would go to the demo looks once more first, for at most this long. */
const LAST_LOOK_MS = 300;
const ALL_KINDS: readonly BackendKind[] = ['ollama', 'llamacpp', 'demo'];

export interface BackendsOptions {
  settings: SettingsStore;
  /** Where Ollama answers. */
  places: Places;
  /** Starts an Ollama when none answers on this computer; null never starts one. */
  ollamaServer: OllamaServer | null;
  llama: LocalEngine;
  /** Told what Ollama is asked; by default nobody is. */
  board?: ActivityBoard;
  /** Relative model files of a backend URL are relative to here. Default: the working folder. */
  cwd?: string;
  demo?: Backend;
}

export function createBackends(options: BackendsOptions): Backends {
  const { settings, ollamaServer, llama, cwd = process.cwd() } = options;
  const timeouts = () => settings.get().timeouts;
  const ollama = createOllamaBackend({
    places: options.places,
    server: ollamaServer,
    preferredModel: () => settings.get().model,
    timeouts,
    engine: () => settings.get().engine,
    board: options.board ?? null,
  });
  const byKind = new Map<BackendKind, Backend>([
    ['ollama', ollama],
    ['llamacpp', llama.backend()],
    ['demo', options.demo ?? createDemoBackend()],
  ]);
  /** Servers that were named in a URL; nothing is ever started for them. */
  const elsewhere = new Map<string, Backend>();
  const listeners = new Set<(status: BackendsStatus) => void>();
  const stopListening: (() => void)[] = [];
  let stopping: Promise<void> | null = null;

  const chain = () => chainOf(settings.get());
  const health = createHealth({
    backends: byKind,
    limitMs: () => timeouts().connectMs,
    depthFor: (kind) => (chain().includes(kind) ? 'wake' : 'look'),
    onChange: tell,
  });
  const backendOf = (kind: BackendKind) => byKind.get(kind) ?? ollama;
  const isReady = (kind: BackendKind) => isUsable(health.get(kind), backendOf(kind));

  function tell(): void {
    const now = status();
    for (const listener of listeners) listener(now);
  }

  function status(): BackendsStatus {
    const used = chain();
    const off = ALL_KINDS.filter((kind) => !used.includes(kind));
    const kind = used.find(isReady) ?? used[0] ?? 'demo';
    const backend = backendOf(kind);
    return {
      backends: [
        ...used.map((one) => health.get(one)),
        ...off.map((one): BackendStatus => ({ ...health.get(one), state: 'off', problem: null })),
      ],
      chosen: { kind, label: backend.label, model: backend.modelFor(null) },
      isChecking: health.isChecking(),
    };
  }

  /** The candidates of a chain, after looking as far as needed to know the first of them. */
  async function candidatesOf(kinds: readonly BackendKind[]): Promise<Pick<BackendPlan, 'candidates' | 'skipped'>> {
    for (const kind of kinds) {
      await health.known(kind);
      if (isReady(kind)) break;
    }
    const real = kinds.filter((kind) => kind !== 'demo');
    // An engine that was started a minute ago is found without a button.
    if (real.length > 0 && !real.some(isReady)) await Promise.all(real.map((kind) => health.look(kind, LAST_LOOK_MS)));
    const candidates: Backend[] = [];
    const skipped: AnswerSource['skipped'] = [];
    for (const kind of kinds) {
      const backend = backendOf(kind);
      // One behind the first usable may not have been looked at yet: should it be needed, it tells by itself.
      if (isReady(kind) || (candidates.length > 0 && !health.isKnown(kind))) candidates.push(backend);
      // What lies behind the first candidate was not passed over for it.
      else if (candidates.length === 0) skipped.push({ kind, label: backend.label, reason: whyNot(health.get(kind)) });
    }
    return { candidates, skipped };
  }

  async function choose(wish: { backend?: string | undefined; model?: string | undefined }): Promise<{
    candidates: readonly Backend[];
    skipped: AnswerSource['skipped'];
    model: string | null;
  }> {
    const url = parseBackendUrl(wish.backend ?? 'local://');
    const wished = wish.model ?? null;
    const only = (backend: Backend, model: string | null) => ({ candidates: [backend], skipped: [], model });
    if (url.scheme === 'demo') return only(backendOf('demo'), null);
    if (url.scheme === 'ollama') return only(url.host === null ? ollama : ollamaAt(url.host), url.model ?? wished);
    if (url.scheme === 'llamacpp')
      return only(url.model === null ? backendOf('llamacpp') : fileEngine(url.model), wished);
    const base: Pick<Settings, 'backend' | 'demoAsLastResort' | 'model'> = settings.get();
    const used = wish.backend === undefined ? base : { ...base, backend: 'auto' as const };
    if (wished !== null) return only(await holderOf(wished, used.backend), wished);
    const chosen = await candidatesOf(chainOf(used));
    return { ...chosen, model: chosen.candidates[0]?.kind === 'ollama' ? base.model : null };
  }

  /** The engine that has the model; where none is known to have it, the one that says best what there is instead. */
  async function holderOf(model: string, choice: Settings['backend']): Promise<Backend> {
    if (choice === 'llamacpp') return fileEngine(model);
    if (choice === 'ollama') return ollama;
    await Promise.all([health.known('ollama'), health.known('llamacpp')]);
    const has = (kind: BackendKind) =>
      health.get(kind).models.some(({ name }) => name === model || name === `${model}:latest`);
    // Names of Ollama's may have slashes too, as in `hf.co/someone/model`.
    if (has('ollama')) return ollama;
    return isModelPath(model) || has('llamacpp') ? fileEngine(model) : ollama;
  }

  function fileEngine(model: string): Backend {
    return llama.forFile(isModelFile(model) ? modelFilePath(model, cwd) : model);
  }

  function ollamaAt(host: string): Backend {
    let backend = elsewhere.get(host);
    if (!backend) {
      const address = { ...parseAddress(host), from: 'settings' as const };
      const connectTimeoutMs = () => timeouts().connectMs;
      const places = createPlaces({
        address: () => address,
        server: null,
        isStartAllowed: () => false,
        connectTimeoutMs,
      });
      elsewhere.set(
        host,
        (backend = createOllamaBackend({
          places,
          server: null,
          preferredModel: () => null,
          timeouts,
          engine: () => settings.get().engine,
          board: null,
        })),
      );
    }
    return backend;
  }

  /** What tells a change that no look has asked for: our server is up or broke down, another one answers or is gone. */
  function followServers(): void {
    const look = () => health.look('ollama', timeouts().connectMs);
    stopListening.push(options.places.onSight(() => void look()));
    if (ollamaServer === null) return;
    stopListening.push(
      ollamaServer.onChange(({ state }) => {
        const isComing = state === 'starting' || state === 'restarting';
        if (isComing) health.note('ollama', { state: 'starting', problem: null });
        else if (state !== 'stopping') void look().then(() => lookAgainAfterStart());
      }),
    );
  }

  /** A look that ended just before the server was up has told `starting`. */
  async function lookAgainAfterStart(): Promise<void> {
    const isStarting = health.get('ollama').state === 'starting';
    const child = ollamaServer?.state().state;
    if (isStarting && child !== 'starting' && child !== 'restarting') await health.look('ollama', timeouts().connectMs);
  }

  function followSettings(): void {
    let before = relevant(settings.get());
    stopListening.push(
      settings.onChange((changed) => {
        const now = relevant(changed);
        if (now === before) return;
        before = now;
        tell();
        // A check that is under way began with the settings of before.
        void (health.isChecking() ? health.check().then(() => health.check()) : health.check());
      }),
    );
  }

  async function stopAll(): Promise<void> {
    for (const stop of stopListening) stop();
    health.stop();
    listeners.clear();
    const engines = [...byKind.values(), ...elsewhere.values()];
    await Promise.allSettled([...engines.map((engine) => engine.stop?.()), llama.stop()]);
  }

  return {
    async plan(wish, signal) {
      const { candidates, skipped, model } = await unlessAborted(choose(wish), signal);
      const first = candidates[0];
      if (!first) throw new HearthError('no_backend', { reasons: reasonsText(skipped) });
      return { candidates, skipped, model, lane: first.lane, concurrency: first.concurrency };
    },
    run: (plan, request, signal) =>
      runPlan(plan, request, {
        signal,
        onSkipped: ({ kind }) => void health.look(kind, timeouts().connectMs),
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
      followServers();
      followSettings();
      void health.check();
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

/** The settings that change what answers; a check follows when one of them does. */
function relevant({ backend, model, ollama, engine, llamacpp, demoAsLastResort }: Settings): string {
  return JSON.stringify([backend, model, ollama, engine, llamacpp, demoAsLastResort]);
}
