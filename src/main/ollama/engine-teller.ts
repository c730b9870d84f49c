// Tells those who watch the engine what changed: once each, at once or gathered, and looks around while anybody watches.
import type { EngineStatus } from '../../contract/engine.ts';

export interface Teller {
  onChange(listener: (status: EngineStatus) => void): () => void;
  /** Tells at once, if anything is new. */
  now(): void;
  /** The same a moment later, for what changes many times a second. */
  soon(): void;
  close(): void;
}

const GATHER_MS = 250;

export function createTeller(options: { status: () => EngineStatus; watch: () => void; watchMs: number }): Teller {
  const listeners = new Set<(status: EngineStatus) => void>();
  let told = '';
  let gathering: NodeJS.Timeout | null = null;
  let watching: NodeJS.Timeout | null = null;

  function now(): void {
    if (gathering !== null) clearTimeout(gathering);
    gathering = null;
    if (listeners.size === 0) return;
    const status = options.status();
    const text = JSON.stringify(status);
    if (text === told) return;
    told = text;
    for (const listener of listeners) listener(status);
  }

  function stopWatching(): void {
    if (watching !== null) clearInterval(watching);
    watching = null;
  }

  return {
    now,
    soon() {
      gathering ??= setTimeout(now, GATHER_MS);
    },
    onChange(listener) {
      // What was told to nobody may be old: a new listener has asked for the status by itself.
      if (listeners.size === 0) told = JSON.stringify(options.status());
      listeners.add(listener);
      if (watching === null) {
        watching = setInterval(options.watch, options.watchMs);
        options.watch();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stopWatching();
      };
    },
    close() {
      if (gathering !== null) clearTimeout(gathering);
      stopWatching();
      listeners.clear();
    },
  };
}
