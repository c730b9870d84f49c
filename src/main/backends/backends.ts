// The engines as the chat and the windows use them: what is known of each, which one a question goes to, asking it.
import type { BackendsStatus, DemoRule } from '../../contract/backends.ts';
import type { BackendId } from '../../contract/ids.ts';
import type { Settings } from '../../contract/settings.ts';
import { placeOf } from '../../contract/hosts.ts';
import { type ActivityBoard, isSameModel, type OllamaServer, OLLAMA_LABEL, type Places } from '../ollama/index.ts';
import type { Log } from '../diagnostics/index.ts';
import type { ContextPlans } from '../models/index.ts';
import type { SettingsStore } from '../settings/index.ts';
import { unlessAborted } from '../waits/index.ts';
import { createBreakers } from './choice/breaker.ts';
import { createCandidateFinder } from './choice/candidates.ts';
import { chainOf, type Listed } from './choice/chain.ts';
import { createDemoBackend } from './demo.ts';
import { askAsItsFamily } from './families/ask.ts';
import { readEnvironment, settingsInForce } from './environment/environment.ts';
import { followServer } from './health/follow-server.ts';
import { followSettings } from './health/follow-settings.ts';
import { createHealth } from './health/health.ts';
import type { Access, Backend, BackendPlan, Backends, LocalEngine, MlxEngine } from './interface.ts';
import { createOllamaBackend } from './ollama/index.ts';
import { limitsOf } from './choice/limits.ts';
import { outlookOf } from './choice/outlook.ts';
import { createPlanner } from './choice/plan.ts';
import { createPoll } from './health/poll.ts';
import { createRegistry } from './registry.ts';
import { createRemoteBackend } from './remote/remote.ts';
import { createRunLog } from './choice/run-log.ts';
import { type RunOptions, runPlan } from './choice/run.ts';
import { demoRule } from './choice/stand-in.ts';
import { createStatus } from './health/status.ts';

export interface BackendsOptions {
  settings: SettingsStore;
  /** Where Ollama answers. */
  places: Places;
  /** Starts an Ollama when none answers on this computer; null never starts one. */
  ollamaServer: OllamaServer | null;
  llama: LocalEngine;
  /** By default there is none. */
  mlx?: MlxEngine;
  /** How much context models of an Ollama on this computer get. By default the server decides. */
  plans?: ContextPlans;
  /** Told what Ollama is asked; by default nobody is. */
  board?: ActivityBoard;
  /** The key and headers of an added backend. By default none has any. */
  accessOf?: (id: BackendId) => Promise<Access>;
  /** Where keys are kept. Default: in a file. */
  secretsIn?: () => BackendsStatus['secretsIn'];
  /** Relative model files of a backend URL are relative to here. Default: the working folder. */
  cwd?: string;
  /** Its variables stand for what the user left open. By default none is set. */
  env?: NodeJS.ProcessEnv;
  demo?: Backend;
  /** Told who was asked and how it ended. By default nobody is. */
  log?: Pick<Log, 'info' | 'warn'>;
  /** Makes a backend that is reached over the network. */
  remote?: typeof createRemoteBackend;
  now?: () => number;
  /** How often the state of the backends is looked at while somebody can see it. Default: half a minute. */
  pollMs?: number;
}

const SILENT: Pick<Log, 'info' | 'warn'> = { info: () => {}, warn: () => {} };

export function createBackends(options: BackendsOptions): Backends {
  const { ollamaServer, llama, mlx, cwd = process.cwd(), now = Date.now } = options;
  const environment = readEnvironment(options.env ?? {}, cwd);
  const settings = settingsInForce(options.settings, environment);
  const timeoutsOf = (id: BackendId) => limitsOf(settings.get(), id);
  const engine = () => settings.get().engine;
  const ollama = createOllamaBackend({
    id: 'ollama',
    label: OLLAMA_LABEL,
    places: options.places,
    server: ollamaServer,
    preferredModel: () => environment.ollamaModel(options.settings.get()),
    timeouts: () => timeoutsOf('ollama'),
    engine,
    plans: options.plans ?? null,
    board: options.board ?? null,
  });
  const registry = createRegistry({
    builtin: [ollama, llama.backend(), ...(mlx ? [mlx.backend()] : []), options.demo ?? createDemoBackend()],
    llama,
    ...(mlx ? { mlx } : {}),
    remote: (url, remote) => (options.remote ?? createRemoteBackend)(url, remote, engine, options.plans),
    entries: () => [
      ...settings.get().backends.added.map((one) => ({ ...one, origin: 'added' as const })),
      ...environment.entries(options.settings.get()),
    ],
    isOn: (id) =>
      id === 'demo' ? ruleNow(settings.get()) !== 'never' : (settings.get().backends.switches[id] ?? true),
    order: () => settings.get().backends.order,
    isAppleSilicon: process.platform === 'darwin' && process.arch === 'arm64',
    accessOf: options.accessOf ?? (() => Promise.resolve({ key: null, headers: {} })),
    timeoutsOf,
    cwd,
  });
  const listeners = new Set<(status: BackendsStatus) => void>();
  const stopListening: (() => void)[] = [];
  const lastAnswerAtMs = new Map<BackendId, number>();
  let hasEngineAnswered = false;
  let stopping: Promise<void> | null = null;

  const health = createHealth({
    // What is off is known as well, so that it can be switched on with open eyes; but the internet is not told of it.
    backends: () =>
      registry
        .list()
        .filter((one) => one.isOn || !isFarAway(one.backend))
        .map(({ backend }) => backend),
    limitMs: ({ id }) => timeoutsOf(id).connectMs,
    depthFor: (backend) => (isWoken(backend) ? 'wake' : 'look'),
    onLook: ({ id }, { state }) => void (state === 'ready' && breakers.of(id).seen()),
    onChange: tell,
  });
  const breakers = createBreakers({ onChange: tell });
  const finder = createCandidateFinder({ registry, health, demoRule: ruleNow });
  const planner = createPlanner({ settings, registry, health, breakers, finder });
  const status = createStatus({
    settings,
    registry,
    health,
    breakers,
    chatChain,
    modelOf: (backend) => finder.modelOf(backend, settings.get()),
    lastAnswerAtMs: (id) => lastAnswerAtMs.get(id) ?? null,
    environment: () => environment.values(options.settings.get()),
    secretsIn: () => options.secretsIn?.() ?? 'file',
    demoRule: () => finder.ruleOf(settings.get()),
  });
  const poll = createPoll({
    look: lookAround,
    ...(options.pollMs === undefined ? {} : { intervalMs: options.pollMs }),
  });

  function ruleNow(asked: Settings): DemoRule {
    return demoRule(asked, { hasEngineAnswered });
  }

  /** From now on the demo stands in only where the user chose that. */
  function noteAnswer({ kind }: Backend): void {
    if (kind === 'demo' || hasEngineAnswered) return;
    hasEngineAnswered = true;
    tell();
  }

  function chatChain(): Listed[] {
    const { backend, ifFails } = settings.get();
    return chainOf(registry.list(), { first: backend === 'auto' ? null : backend, ifFails, isBackground: false });
  }

  /** A check starts what the next question needs. What stands in for a chosen backend is started when it has to. */
  function isWoken(backend: Backend): boolean {
    const on = chatChain().filter(({ isOn }) => isOn);
    const asked = settings.get().backend === 'auto' ? on : on.slice(0, 1);
    return asked.some((one) => one.backend === backend);
  }

  function tell(): void {
    if (listeners.size === 0) return;
    const current = status();
    for (const listener of listeners) listener(current);
  }

  function checkAnew(): void {
    tell();
    // A check that is under way began with the settings of before.
    void (health.isChecking() ? health.check().then(() => health.check()) : health.check());
  }

  /** Those that are on; a server on the internet is not asked every half minute whether it is there. */
  async function lookAround(): Promise<void> {
    const seen = registry.list().filter(({ backend, isOn }) => isOn && !isFarAway(backend));
    await Promise.all(seen.map(({ backend }) => health.look(backend, timeoutsOf(backend.id).connectMs)));
  }

  function isFarAway(backend: Backend): boolean {
    return placeOf(health.get(backend).host ?? backend.describe(null).host) === 'internet';
  }

  function runOptions(plan: BackendPlan, signal: AbortSignal, log: Pick<Log, 'info' | 'warn'>): RunOptions {
    return {
      signal,
      log: createRunLog(log, { purpose: plan.purpose, now: () => performance.now() }),
      whyNever: planner.whyNever,
      whyNotNow: planner.whyNotNow,
      begin({ id }) {
        const attempt = breakers.of(id).begin();
        return plan.isBackground ? { ...attempt, failed: () => Promise.resolve(attempt.left()) } : attempt;
      },
      chat(backend, asked) {
        const known = health.get(backend).models;
        const architectureOf = (model: string) => known.find(({ name }) => isSameModel(name, model))?.family ?? null;
        return askAsItsFamily(backend, asked, { changes: settings.get().families, architectureOf }, signal);
      },
      onSkipped: (backend) => void health.look(backend, timeoutsOf(backend.id).connectMs),
      onFirstToken: noteAnswer,
      onAnswer(backend) {
        lastAnswerAtMs.set(backend.id, now());
        // It was asleep when it was looked at last.
        if (health.get(backend).state !== 'ready') void health.look(backend, timeoutsOf(backend.id).connectMs);
      },
    };
  }

  async function stopAll(): Promise<void> {
    poll.stop();
    for (const stop of stopListening) stop();
    health.stop();
    listeners.clear();
    await registry.stop();
  }

  return {
    plan: planner.plan,
    run: (plan, request, signal) => runPlan(plan, request, runOptions(plan, signal, options.log ?? SILENT)),
    async outlook(wish, signal) {
      // What is known may be of minutes ago. What rests goes on resting, as it would for a question.
      await unlessAborted(health.check(), signal);
      return outlookOf({
        plan: () => planner.plan(wish, signal),
        run: (plan) => runPlan(plan, { messages: [] }, runOptions(plan, signal, SILENT)),
        healthOf: (backend) => health.get(backend),
        signal,
      });
    },
    status,
    async check() {
      breakers.reset();
      await health.check();
      return status();
    },
    lookAgain: () => void health.check(),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start(known = { hasEngineAnswered: false }) {
      hasEngineAnswered ||= known.hasEngineAnswered;
      if (stopListening.length > 0 || stopping !== null) return;
      const look = () => health.look(ollama, timeoutsOf('ollama').connectMs);
      stopListening.push(followServer({ backend: ollama, places: options.places, ollamaServer, health, look }));
      const ids = () => registry.list().map(({ backend }) => backend.id);
      const onTouched = (id: BackendId) => breakers.of(id).reset();
      stopListening.push(followSettings({ settings, ids, onTouched, onChange: checkAnew }));
      void health.check();
    },
    setWatched: (isWatched) => poll.setWatched(isWatched),
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
