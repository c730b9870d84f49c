// The toast: one at a time, lower left, where the thing vanished. It leaves after 10 s and waits while it is hovered or focused.
import type { LucideIcon } from 'lucide-react';
import { Trash2, X } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { FocusEvent, ReactNode } from 'react';
import { create } from 'zustand';
import { ariaKeyShortcut, matchesShortcut, shortcutKeys } from '../lib/keys.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import { keepUndo, undoLast, undoTold, untell, useUndos } from './undo.ts';
import type { Undoable } from './undo.ts';

export const TOAST_MS = 10_000;
const UNDO_KEYS = 'Mod+Z';

export interface Toast {
  text: string;
  icon?: LucideIcon;
  /** The one thing to do about it. */
  action?: { label: string; run: () => void };
}

interface ToastStore {
  /**
   * On screen: some words, or (`toast` is null) the deletions that can be undone. A new number at every show, so that the same
   * words twice start anew.
   */
  current: { number: number; toast: Toast | null } | null;
}

const useToasts = create<ToastStore>()(() => ({ current: null }));

/** A longer text would be a narrow column beside its action: then the action stands below. */
const BESIDE_CHARS = 30;

/** Shows a toast in place of the one on screen. */
export function showToast(toast: Toast): void {
  untell();
  show(toast);
}

/** Tells of a deletion, together with those that are still told of, and takes it back when asked to. */
export function offerUndo(entry: Undoable): void {
  if (useToasts.getState().current?.toast !== null) untell();
  keepUndo(entry);
  show(null);
}

/** Takes the toast away, for example when what it offers is no longer true. */
export function hideToast(): void {
  untell();
  useToasts.setState({ current: null });
}

function show(toast: Toast | null): void {
  useToasts.setState(({ current }) => ({ current: { toast, number: (current?.number ?? 0) + 1 } }));
}

export interface ToastWords {
  region: string;
  dismiss: string;
  undo: string;
  undoAll: string;
  /** Several deletions of different things. */
  deletions: (count: number) => string;
}

/** Mount once a window: the place of the toast, present before it speaks so that screen readers follow it, and Ctrl+Z. */
export function ToastRegion({ words }: { words: ToastWords }) {
  const current = useToasts((state) => state.current);
  useUndoKeys();
  return (
    <section className="toast-place" aria-label={words.region}>
      <div role="status">
        {current === null ? null : current.toast ? (
          <Message key={current.number} toast={current.toast} words={words} />
        ) : (
          <Deletions key={current.number} words={words} />
        )}
      </div>
    </section>
  );
}

function Message({ toast, words }: { toast: Toast; words: ToastWords }) {
  const { text, icon, action } = toast;
  const act = () => {
    hideToast();
    action?.run();
  };
  return (
    <Card isLong={text.length > BESIDE_CHARS}>
      {icon ? <Icon icon={icon} size={14} /> : null}
      <span className="grow">{text}</span>
      {action ? (
        <button type="button" className="act" onClick={act}>
          {action.label}
        </button>
      ) : (
        <IconButton size="sm" icon={X} label={words.dismiss} onClick={hideToast} />
      )}
    </Card>
  );
}

function Deletions({ words }: { words: ToastWords }) {
  const all = useUndos((state) => state.entries);
  const told = useUndos((state) => state.told);
  const entries = all.filter(({ key }) => told.includes(key));
  const last = entries.at(-1);
  if (!last) return null;
  const count = entries.length;
  // Alike is what would be counted with the same words.
  const isAlike = entries.every((entry) => entry.several(count) === last.several(count));
  const text = count === 1 ? last.text : isAlike ? last.several(count) : words.deletions(count);
  const place = isAlike ? last.place : undefined;
  return (
    <Card isLong={count > 1 || text.length > BESIDE_CHARS} count={count}>
      <Icon icon={Trash2} size={14} />
      {place ? (
        <span className="grow">
          <button type="button" className="act-words" data-tip={place.label} onClick={place.open}>
            {text}
          </button>
        </span>
      ) : (
        <span className="grow">{text}</span>
      )}
      {count > 1 ? (
        <button type="button" className="act plain" onClick={undoTold}>
          {words.undoAll}
        </button>
      ) : null}
      <button type="button" className="act" aria-keyshortcuts={ariaKeyShortcut(UNDO_KEYS)} onClick={undoLast}>
        {words.undo}
        <span aria-hidden="true">{shortcutKeys(UNDO_KEYS).join(' ')}</span>
      </button>
    </Card>
  );
}

interface CardProps {
  isLong: boolean;
  /** Its time begins anew whenever this changes. */
  count?: number;
  children: ReactNode;
}

function Card({ isLong, count, children }: CardProps) {
  const left = useRef(TOAST_MS);
  const timer = useRef<{ id: ReturnType<typeof setTimeout>; sinceMs: number } | null>(null);
  const counted = useRef(count);
  const card = useRef<HTMLDivElement>(null);
  /** What had the focus before one of the toast's buttons. */
  const before = useRef<Element | null>(null);

  const pause = useCallback(() => {
    if (!timer.current) return;
    clearTimeout(timer.current.id);
    left.current -= performance.now() - timer.current.sinceMs;
    timer.current = null;
  }, []);
  const resume = useCallback(() => {
    // Asked a moment after the pointer left: the card may be gone, and the next one's time is its own.
    if (timer.current || !card.current || card.current.matches(':hover, :focus-within')) return;
    timer.current = { id: setTimeout(hideToast, Math.max(0, left.current)), sinceMs: performance.now() };
  }, []);

  useEffect(() => {
    if (counted.current !== count) left.current = TOAST_MS;
    counted.current = count;
    resume();
    return pause;
  }, [count, pause, resume]);

  // Its buttons go with it; the focus goes back to where it came from.
  useLayoutEffect(() => {
    const element = card.current;
    return () => {
      if (element?.contains(document.activeElement) && before.current instanceof HTMLElement) before.current.focus();
    };
  }, []);

  const focus = (event: FocusEvent<HTMLElement>) => {
    pause();
    if (!event.currentTarget.contains(event.relatedTarget)) before.current = event.relatedTarget;
  };
  return (
    <div
      ref={card}
      className={isLong ? 'toast is-long' : 'toast'}
      onPointerEnter={pause}
      onPointerLeave={() => setTimeout(resume)}
      onFocus={focus}
      onBlur={() => setTimeout(resume)}
    >
      {children}
    </div>
  );
}

/** Ctrl+Z takes the last deletion back, then the one before. Text that can be taken back comes first. */
function useUndoKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !matchesShortcut(event, UNDO_KEYS) || holdsText(event.target)) return;
      // An empty field has words to bring back as well, unless the toast says what the keys do now.
      if (isField(event.target) && useUndos.getState().told.length === 0) return;
      if (undoLast()) event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function isField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLElement && target.isContentEditable;
}

function holdsText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return target.value !== '';
  return target instanceof HTMLElement && target.isContentEditable && target.textContent !== '';
}
