// What is known about each backend, and looking at them anew: together, one look at each at a time.
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import { within } from '../../waits/index.ts';
import { createDeadline } from '../waiting/deadline.ts';
import type { Backend, BackendHealth, LookDepth } from '../interface.ts';

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
  /** Begins a look without waiting for it, unless one has ended within this time or is under way. */
  refresh(backend: Backend, staleMs: number): void;
  /** Notes what was learned in another way. */
  note(backend: Backend, change: Partial<BackendHealth>): void;
  /** Ends what is under way. */
  stop(): void;
}

/** Of the connect limit. A look ends by limits of its own, which say what was missing; this one is for one that does not. */
const LAST_SHARE = 1.5;

export interface HealthOptions {
  /** Those that a full check looks at. What is known is known of the object: one with a new address begins anew. */
  backends: () => readonly Backend[];
  limitMs: (backend: Backend) => number;
  /** How deep a check goes: only what the settings use is woken. */
  depthFor: (backend: Backend) => LookDepth;
  /** Told of every look that has ended. */
  onLook: (backend: Backend, health: BackendHealth) => void;
  onChange: () => void;
}

export function createHealth({ backends, limitMs, depthFor, onLook, onChange }: HealthOptions): Health {
  const life = new AbortController();
  const statuses = new WeakMap<Backend, BackendHealth>();
  const lookedAtMs = new WeakMap<Backend, number>();
  const underWay = new Map<Backend, { depth: LookDepth; done: Promise<void> }>();
  let checking: Promise<void> | null = null;

  function begin(backend: Backend, depth: LookDepth): Promise<void> {
    const running = underWay.get(backend);
    if (running) {
      if (running.depth === depth || depth === 'look') return running.done;
      return running.done.then(() => begin(backend, depth));
    }
    const done = lookNow(backend, depth).finally(() => underWay.delete(backend));
    underWay.set(backend, { depth, done });
    return done;
  }

  async function lookNow(backend: Backend, depth: LookDepth): Promise<void> {
    const withinMs = limitMs(backend) * LAST_SHARE;
    const deadline = createDeadline(life.signal);
    const seconds = withinMs / 1000;
    const late = () => new HearthError('backend_no_answer', { host: backend.describe(null).host ?? '', seconds });
    deadline.set(withinMs, late);
    try {
      const status = await backend.look(deadline.signal, depth).catch((error: unknown) => ({
        ...unknownYet(backend),
        state: 'unavailable' as const,
        problem: toErrorInfo(error),
      }));
      if (life.signal.aborted) return;
      statuses.set(backend, status);
      lookedAtMs.set(backend, performance.now());
      onLook(backend, status);
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
        await Promise.all(backends().map((one) => begin(one, depthFor(one))));
      })().finally(() => {
        checking = null;
        onChange();
      });
      return checking;
    },
    async look(backend, withinMs) {
      if (life.signal.aborted) return;
      await within(withinMs, begin(backend, 'look'));
    },
    async known(backend) {
      if (statuses.has(backend) || life.signal.aborted) return;
      void health.check();
      // One that was added since the check began is not in it.
      await (underWay.get(backend)?.done ?? begin(backend, depthFor(backend)));
    },
    refresh(backend, staleMs) {
      if (life.signal.aborted || underWay.has(backend)) return;
      if (performance.now() - (lookedAtMs.get(backend) ?? -Infinity) >= staleMs) void begin(backend, 'look');
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
