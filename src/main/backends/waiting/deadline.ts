// The limit on a wait: one at a time, exchanged as the wait goes through its stages.
import { HearthError } from '../../errors/index.ts';

export interface Deadline {
  /** Aborts with the caller's reason, or with the error of the limit that ran out. */
  readonly signal: AbortSignal;
  /** Replaces the limit by one that starts now. */
  set(limitMs: number, error: () => HearthError): void;
  /** Starts the present limit anew; cheap enough for every chunk. */
  refresh(): void;
  /** Takes the limit away and lets the caller's signal go. What is under way goes on. */
  end(): void;
  /** Aborts what is under way: nobody wants it any more. */
  abandon(): void;
}

export function createDeadline(caller: AbortSignal): Deadline {
  const controller = new AbortController();
  const follow = () => controller.abort(caller.reason);
  if (caller.aborted) follow();
  else caller.addEventListener('abort', follow, { once: true });
  let timer: NodeJS.Timeout | null = null;
  const clear = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const end = () => {
    clear();
    caller.removeEventListener('abort', follow);
  };
  return {
    signal: controller.signal,
    set(limitMs, error) {
      clear();
      timer = setTimeout(() => controller.abort(error()), Math.max(0, limitMs));
    },
    refresh() {
      timer?.refresh();
    },
    end,
    abandon() {
      end();
      controller.abort(new HearthError('cancelled'));
    },
  };
}
