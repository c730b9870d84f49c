// What is known about each backend, and looking at them anew: together, one look at each at a time.
import { HearthError } from '../errors/index.ts';
import { createDeadline } from './deadline.ts';
import type { Backend, BackendHealth, LookDepth } from './interface.ts';

export interface Health {
  get(backend: Backend): BackendHealth;
  /** Whether a look at it has ended yet. */
  isKnown(backend: Backend): boolean;
  /** Whether a full check is under way. */
  isChecking(): boolean;
  /** A full check; concurrent calls share one. Resolves when every backend has been looked at. */
  check(): Promise<void>;
  /** Looks at one backend without waking it; shares a look that is under way. Resolves early when the limit is over. */
  look(backend: Backend, limitMs: number): Promise<void>;
  /** Resolves when a first look at the backend has ended. Begins a check when there was none. */
  known(backend: Backend): Promise<void>;
  /** Notes what was learned in another way. */
  note(backend: Backend, change: Partial<BackendHealth>): void;
  /** Ends what is under way. */
  stop(): void;
}

export interface HealthOptions {
  /** Those that a full check looks at. What is known is known of the object: one with a new address begins anew. */
  backends: () => readonly Backend[];
  limitMs: () => number;
  /** How deep a check goes: only what the settings use is woken. */
  depthFor: (backend: Backend) => LookDepth;
  onChange: () => void;
}

export function createHealth({ backends, limitMs, depthFor, onChange }: HealthOptions): Health {
  const life = new AbortController();
  const statuses = new WeakMap<Backend, BackendHealth>();
  const underWay = new Map<Backend, { depth: LookDepth; done: Promise<void> }>();
  let checking: Promise<void> | null = null;
  function begin(backend: Backend, depth: LookDepth, withinMs: number): Promise<void> {
    const running = underWay.get(backend);
    if (running) {
      if (running.depth === depth || depth === 'look') return running.done;
      return running.done.then(() => begin(backend, depth, withinMs));
    }
    const done = lookNow(backend, depth, withinMs).finally(() => underWay.delete(backend));
    underWay.set(backend, { depth, done });
    return done;
  }

  async function lookNow(backend: Backend, depth: LookDepth, withinMs: number): Promise<void> {
    const deadline = createDeadline(life.signal);
    const seconds = withinMs / 1000;
    const late = () => new HearthError('backend_connect_timeout', { host: backend.describe(null).host ?? '', seconds });
    deadline.set(withinMs, late);
    try {
      const status = await backend.check(deadline.signal, depth);
      if (life.signal.aborted) return;
      statuses.set(backend, status);
      onChange();
    } finally {
      deadline.end();
    }
  }

  const health: Health = {
    get: (backend) => statuses.get(backend) ?? unknownYet(backend),
    isKnown: (backend) => statuses.has(backend),
    isChecking: () => checking !== null,
    check() {
      if (life.signal.aborted) return Promise.resolve();
      checking ??= (async () => {
        await Promise.all(backends().map((one) => begin(one, depthFor(one), limitMs())));
      })().finally(() => {
        checking = null;
        onChange();
      });
      return checking;
    },
    async look(backend, withinMs) {
      if (life.signal.aborted) return;
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([begin(backend, 'look', limitMs()), tooLong]);
      clearTimeout(timer);
    },
    async known(backend) {
      if (statuses.has(backend)) return;
      void health.check();
      await underWay.get(backend)?.done;
    },
    note(backend, change) {
      statuses.set(backend, { ...health.get(backend), ...change });
      onChange();
    },
    stop: () => life.abort(new HearthError('cancelled')),
  };
  return health;
}

function unknownYet(backend: Backend): BackendHealth {
  return {
    ...backend.describe(null),
    state: 'checking',
    isOwned: false,
    version: null,
    latencyMs: null,
    models: [],
    problem: null,
  };
}
