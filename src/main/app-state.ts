// Whether Hearth is up, and what the user should know about it.
import type { AppStatus, Notice } from '../contract/app.ts';
import type { ErrorInfo } from '../contract/errors.ts';

export interface AppState {
  status(): AppStatus;
  setReady(): void;
  setStarting(): void;
  /** The history can't be used; the windows show the problem instead of an empty list. */
  setBlocked(problem: ErrorInfo): void;
  addNotices(notices: Notice[]): void;
  dismissNotice(id: string): void;
  onChange(listener: (status: AppStatus) => void): () => void;
}

export function createAppState(facts: { version: string; platform: string; dataFolder: string }): AppState {
  let status: AppStatus = { ...facts, phase: 'starting', problem: null, notices: [] };
  const listeners = new Set<(status: AppStatus) => void>();
  const update = (change: Partial<AppStatus>) => {
    status = { ...status, ...change };
    for (const listener of listeners) listener(status);
  };
  return {
    status: () => status,
    setReady: () => update({ phase: 'ready', problem: null }),
    setStarting: () => update({ phase: 'starting', problem: null }),
    setBlocked: (problem) => update({ phase: 'blocked', problem }),
    addNotices: (notices) => notices.length > 0 && update({ notices: [...status.notices, ...notices] }),
    dismissNotice: (id) => update({ notices: status.notices.filter((notice) => notice.id !== id) }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
