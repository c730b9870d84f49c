// What was deleted and can be taken back, oldest first: the toast offers the last of it, Ctrl+Z steps back through all.
import { create } from 'zustand';

export interface Undoable {
  /** Names the thing, for example `chat:…`. */
  key: string;
  /** What happened: "Chat deleted". */
  text: string;
  /** The same of several: "3 chats deleted". Things with other words beside it are only counted. */
  several: (count: number) => string;
  /** Where the thing is until then: the toast's words lead there. */
  place?: { label: string; open: () => void };
  /** How long it can be taken back; without it as long as the window is open. */
  lastsMs?: number;
  undo: () => void;
}

interface Undos {
  entries: readonly Undoable[];
  /** The keys of those that the toast on screen speaks of. */
  told: readonly string[];
}

export const useUndos = create<Undos>()(() => ({ entries: [], told: [] }));

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Adds one to those that the toast tells of. */
export function keepUndo(entry: Undoable): void {
  forgetUndo(entry.key);
  useUndos.setState(({ entries, told }) => ({ entries: [...entries, entry], told: [...told, entry.key] }));
  if (entry.lastsMs !== undefined)
    timers.set(
      entry.key,
      setTimeout(() => forgetUndo(entry.key), entry.lastsMs),
    );
}

/** It can't be taken back any more, or was by others. */
export function forgetUndo(key: string): void {
  clearTimeout(timers.get(key));
  timers.delete(key);
  useUndos.setState(({ entries, told }) => ({
    entries: entries.filter((entry) => entry.key !== key),
    told: told.filter((each) => each !== key),
  }));
}

/** Takes the last one back, whether a toast tells of it or not. False when there is none. */
export function undoLast(): boolean {
  const last = useUndos.getState().entries.at(-1);
  if (last) takeBack(last);
  return last !== undefined;
}

/** Takes back all that the toast tells of, the last first. */
export function undoTold(): void {
  const { entries, told } = useUndos.getState();
  for (const entry of entries.filter(({ key }) => told.includes(key)).toReversed()) takeBack(entry);
}

/** The toast has gone; Ctrl+Z still knows them. */
export function untell(): void {
  useUndos.setState({ told: [] });
}

function takeBack(entry: Undoable): void {
  forgetUndo(entry.key);
  entry.undo();
}
