// What is known about each backend, and looking at them anew: together, one look of a kind at a time.
import type { BackendStatus } from '../../contract/backends.ts';
import type { BackendKind } from '../../contract/conversations.ts';
import { HearthError } from '../errors/index.ts';
import { createDeadline } from './deadline.ts';
import type { Backend, LookDepth } from './interface.ts';

export interface Health {
  get(kind: BackendKind): BackendStatus;
  /** Whether a look at it has ended yet. */
  isKnown(kind: BackendKind): boolean;
  /** Whether a full check is under way. */
  isChecking(): boolean;
  /** A full check; concurrent calls share one. Resolves when every backend has been looked at. */
  check(): Promise<void>;
  /** Looks at one backend without waking it; shares a look that is under way. Resolves early when the limit is over. */
  look(kind: BackendKind, limitMs: number): Promise<void>;
  /** Resolves when a first look at the backend has ended. Begins a check when there was none. */
  known(kind: BackendKind): Promise<void>;
  /** Notes what was learned in another way. */
  note(kind: BackendKind, change: Partial<BackendStatus>): void;
  /** Ends what is under way. */
  stop(): void;
}

export interface HealthOptions {
  backends: ReadonlyMap<BackendKind, Backend>;
  limitMs: () => number;
  /** How deep a check goes: only what the settings use is woken. */
  depthFor: (kind: BackendKind) => LookDepth;
  onChange: () => void;
}

export function createHealth({ backends, limitMs, depthFor, onChange }: HealthOptions): Health {
  const life = new AbortController();
  const statuses = new Map<BackendKind, BackendStatus>();
  const underWay = new Map<BackendKind, { depth: LookDepth; done: Promise<void> }>();
  let checking: Promise<void> | null = null;
  const backendOf = (kind: BackendKind): Backend => {
    const backend = backends.get(kind);
    if (!backend) throw new HearthError('internal', {}, { detail: `no backend ${kind}` });
    return backend;
  };

  function begin(kind: BackendKind, depth: LookDepth, withinMs: number): Promise<void> {
    const running = underWay.get(kind);
    if (running) {
      if (running.depth === depth || depth === 'look') return running.done;
      return running.done.then(() => begin(kind, depth, withinMs));
    }
    const done = lookNow(kind, depth, withinMs).finally(() => underWay.delete(kind));
    underWay.set(kind, { depth, done });
    return done;
  }

  async function lookNow(kind: BackendKind, depth: LookDepth, withinMs: number): Promise<void> {
    const backend = backendOf(kind);
    const deadline = createDeadline(life.signal);
    const seconds = withinMs / 1000;
    const late = () => new HearthError('backend_connect_timeout', { host: backend.describe(null).host ?? '', seconds });
    deadline.set(withinMs, late);
    try {
      const status = await backend.check(deadline.signal, depth);
      if (life.signal.aborted) return;
      statuses.set(kind, status);
      onChange();
    } finally {
      deadline.end();
    }
  }

  const health: Health = {
    get: (kind) => statuses.get(kind) ?? unknownYet(backendOf(kind)),
    isKnown: (kind) => statuses.has(kind),
    isChecking: () => checking !== null,
    check() {
      if (life.signal.aborted) return Promise.resolve();
      checking ??= (async () => {
        const kinds = [...backends.keys()];
        await Promise.all(kinds.map((kind) => begin(kind, depthFor(kind), limitMs())));
      })().finally(() => {
        checking = null;
        onChange();
      });
      return checking;
    },
    async look(kind, withinMs) {
      if (life.signal.aborted) return;
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([begin(kind, 'look', limitMs()), tooLong]);
      clearTimeout(timer);
    },
    async known(kind) {
      if (statuses.has(kind)) return;
      void health.check();
      await underWay.get(kind)?.done;
    },
    note(kind, change) {
      statuses.set(kind, { ...health.get(kind), ...change });
      onChange();
    },
    stop: () => life.abort(new HearthError('cancelled')),
  };
  return health;
}

function unknownYet(backend: Backend): BackendStatus {
  return {
    kind: backend.kind,
    label: backend.label,
    ...backend.describe(null),
    state: 'checking',
    isOwned: false,
    version: null,
    latencyMs: null,
    models: [],
    problem: null,
  };
}
