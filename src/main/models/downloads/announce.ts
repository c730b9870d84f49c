// Tells listeners of changes: of states at once, of progress a few times a second.

export interface Announcer {
  now(): void;
  soon(): void;
  close(): void;
}

export function createAnnouncer({ everyMs, tell }: { everyMs: number; tell: () => void }): Announcer {
  let timer: NodeJS.Timeout | undefined;
  let lastMs = -Infinity;
  let isClosed = false;
  const now = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isClosed) return;
    lastMs = performance.now();
    tell();
  };
  return {
    now,
    soon() {
      if (isClosed) return;
      timer ??= setTimeout(now, Math.max(0, lastMs + everyMs - performance.now()));
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
