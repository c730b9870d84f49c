// What Ollama does for Hearth right now, told by whoever asks it.
import type { EngineActivity } from '../../contract/engine.ts';
import type { ActivityBoard } from './engine-interface.ts';

export function createActivityBoard(): ActivityBoard {
  const entries = new Set<EngineActivity>();
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    current: () => [...entries].map((entry) => ({ ...entry })),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin(model) {
      const entry: EngineActivity = { type: 'answering', model };
      entries.add(entry);
      tell();
      const become = (type: EngineActivity['type']): void => {
        if (entry.type === type || !entries.has(entry)) return;
        entry.type = type;
        tell();
      };
      return {
        loading: () => become('loading'),
        answering: () => become('answering'),
        end() {
          if (entries.delete(entry)) tell();
        },
      };
    },
  };
}
