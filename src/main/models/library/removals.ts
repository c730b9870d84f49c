// Deletions that can be taken back for a while before they happen.
import type { ModelsStatus } from '../../../contract/models.ts';

export type Removal = ModelsStatus['removing'][number];
type Ref = Pick<Removal, 'name' | 'engine'>;

export interface Removals {
  /** Those announced or under way, in order. */
  list(): Removal[];
  has(ref: Ref): boolean;
  /** Carries it out after the delay. One that is announced already keeps its time. */
  announce(ref: Ref, carryOut: (signal: AbortSignal) => Promise<void>): void;
  /** Nothing happens for one that is unknown or under way already. */
  takeBack(ref: Ref): void;
  /** None of those announced happens; resolves when those under way have ended. */
  stop(): Promise<void>;
}

interface Options {
  delayMs: number;
  now: () => number;
  isSame: (a: Ref, b: Ref) => boolean;
  onChange: () => void;
}

export function createRemovals({ delayMs, now, isSame, onChange }: Options): Removals {
  const life = new AbortController();
  const waiting = new Map<Removal, NodeJS.Timeout>();
  const running = new Map<Removal, Promise<void>>();
  const all = () => [...running.keys(), ...waiting.keys()];
  return {
    list: all,
    has: (ref) => all().some((one) => isSame(one, ref)),
    announce(ref, carryOut) {
      if (life.signal.aborted || all().some((one) => isSame(one, ref))) return;
      const removal: Removal = { name: ref.name, engine: ref.engine, untilMs: now() + delayMs };
      const begin = () => {
        waiting.delete(removal);
        // It tells its own failure. Begun a moment later: what it tells must find the removal under way, not gone.
        const done = Promise.resolve()
          .then(() => carryOut(life.signal))
          .finally(() => {
            running.delete(removal);
            onChange();
          });
        running.set(removal, done);
        onChange();
      };
      waiting.set(removal, setTimeout(begin, delayMs));
      onChange();
    },
    takeBack(ref) {
      for (const [removal, timer] of waiting) {
        if (!isSame(removal, ref)) continue;
        clearTimeout(timer);
        waiting.delete(removal);
        onChange();
      }
    },
    async stop() {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
      life.abort(new Error('Hearth stops'));
      await Promise.allSettled(running.values());
    },
  };
}
