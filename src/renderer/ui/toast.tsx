// The toast: one at a time, lower left, where the thing vanished. It leaves after 10 s and waits while it is hovered or focused.
import type { LucideIcon } from 'lucide-react';
import { X } from 'lucide-react';
import { useCallback, useEffect, useRef } from 'react';
import { create } from 'zustand';
import { ariaKeyShortcut, matchesShortcut, shortcutKeys } from '../lib/keys.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

export const TOAST_MS = 10_000;

export interface Toast {
  text: string;
  icon?: LucideIcon;
  /** The one thing to do about it, for example Undo; its shortcut works while the toast is up. */
  action?: { label: string; shortcut?: string; run: () => void };
}

interface ToastStore {
  /** The toast on screen; a new number at every show, so that the same words twice start anew. */
  current: (Toast & { number: number }) | null;
  show(toast: Toast): void;
  hide(): void;
}

const useToasts = create<ToastStore>()((set) => ({
  current: null,
  show: (toast) => set((state) => ({ current: { ...toast, number: (state.current?.number ?? 0) + 1 } })),
  hide: () => set({ current: null }),
}));

/** A longer text would be a narrow column beside its action: then the action stands below. */
const BESIDE_CHARS = 30;

/** Shows a toast in place of the one on screen. */
export function showToast(toast: Toast): void {
  useToasts.getState().show(toast);
}

/** Takes the toast away, for example when what it offers is no longer true. */
export function hideToast(): void {
  useToasts.getState().hide();
}

/** Mount once a window: the place of the toast, present before it speaks so that screen readers follow it. */
export function ToastRegion({ label, dismissLabel }: { label: string; dismissLabel: string }) {
  const toast = useToasts((state) => state.current);
  return (
    <section className="toast-place" aria-label={label}>
      <div role="status">
        {toast ? <ToastCard key={toast.number} toast={toast} dismissLabel={dismissLabel} /> : null}
      </div>
    </section>
  );
}

function ToastCard({ toast, dismissLabel }: { toast: Toast; dismissLabel: string }) {
  const left = useRef(TOAST_MS);
  const timer = useRef<{ id: ReturnType<typeof setTimeout>; sinceMs: number } | null>(null);
  const card = useRef<HTMLDivElement>(null);

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
  const act = useCallback(() => {
    hideToast();
    toast.action?.run();
  }, [toast]);

  useEffect(() => {
    resume();
    return pause;
  }, [pause, resume]);

  useEffect(() => {
    const shortcut = toast.action?.shortcut;
    if (!shortcut) return undefined;
    const listen = (event: KeyboardEvent) => {
      // Text that can be taken back comes first.
      if (event.defaultPrevented || !matchesShortcut(event, shortcut) || holdsText(event.target)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [act, toast]);

  return (
    <div
      ref={card}
      className={toast.text.length > BESIDE_CHARS ? 'toast is-long' : 'toast'}
      onPointerEnter={pause}
      onPointerLeave={() => setTimeout(resume)}
      onFocus={pause}
      onBlur={() => setTimeout(resume)}
    >
      {toast.icon ? <Icon icon={toast.icon} size={14} /> : null}
      <span className="grow">{toast.text}</span>
      {toast.action ? (
        <button
          type="button"
          className="act"
          aria-keyshortcuts={toast.action.shortcut ? ariaKeyShortcut(toast.action.shortcut) : undefined}
          onClick={act}
        >
          {toast.action.label}
          {toast.action.shortcut ? (
            <span aria-hidden="true">{shortcutKeys(toast.action.shortcut).join(' ')}</span>
          ) : null}
        </button>
      ) : (
        <IconButton size="sm" icon={X} label={dismissLabel} onClick={hideToast} />
      )}
    </div>
  );
}

function holdsText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return target.value !== '';
  return target instanceof HTMLElement && target.isContentEditable && target.textContent !== '';
}
