// Something to fill in or read before one goes on: the browser's own modal dialog, in the middle or as a drawer at the side.
import { X } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { DimmedTitleBar } from './dimmed-title-bar.tsx';

export interface DialogProps {
  title: string;
  /** Below the title, quieter. */
  sub?: string;
  closeLabel: string;
  /** Asked for by Esc, the button, or a press beside it; the dialog goes when its owner takes it away. */
  onClose: () => void;
  /** `side`: as high as the window, for what is long. */
  place?: 'middle' | 'side';
  /** Buttons, at the foot. */
  actions?: ReactNode;
  children: ReactNode;
}

/**
 * Shown as long as it is mounted. Takes the focus (`data-autofocus` says where, else its first control) and gives it back to what
 * had it, or to the button of the menu that it was chosen from.
 */
export function Dialog({ title, sub, closeLabel, onClose, place = 'middle', actions, children }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const back = useRef<HTMLElement | null>(null);

  useEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    back.current ??= opener();
    element.showModal();
    const start =
      element.querySelector<HTMLElement>('[data-autofocus]') ?? element.querySelector<HTMLElement>('.dlg-body');
    start?.focus();
    return () => {
      element.close();
      if (back.current?.isConnected) back.current.focus();
    };
  }, []);

  const latest = useRef(onClose);
  useEffect(() => {
    latest.current = onClose;
  });
  // Ends with the dialog: an effect that ends a moment later would swallow the Esc after it.
  useLayoutEffect(() => {
    // What had the focus may be gone from the dialog; Esc is its own all the same, not the window's.
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape' || (event.target instanceof Node && dialog.current?.contains(event.target))) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', press, { capture: true });
    return () => document.removeEventListener('keydown', press, { capture: true });
  }, []);

  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  const pressBeside = (event: PointerEvent) => {
    if (event.target === dialog.current) onClose();
  };

  return (
    <dialog
      ref={dialog}
      className={place === 'side' ? 'dlg side-dlg' : 'dlg'}
      aria-labelledby={id}
      onKeyDown={press}
      onPointerDown={pressBeside}
      onCancel={(event) => event.preventDefault()}
    >
      <DimmedTitleBar />
      <div className="dlg-in">
        <header className="dlg-head">
          <div className="grow">
            <h2 id={id}>{title}</h2>
            {sub ? <p className="clip">{sub}</p> : null}
          </div>
          <IconButton icon={X} label={closeLabel} onClick={onClose} />
        </header>
        <div className="dlg-body" tabIndex={-1}>
          {children}
        </div>
        {actions ? <footer className="dlg-foot">{actions}</footer> : null}
      </div>
    </dialog>
  );
}

/** What the focus goes back to. The entry of a menu is gone by then; the button of that menu is not. */
function opener(): HTMLElement | null {
  const active = document.activeElement;
  const triggerId = active?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  const trigger = triggerId ? document.getElementById(triggerId) : null;
  // The menu of a row stands at a mark beside its button.
  const button = trigger?.matches('button') ? trigger : trigger?.parentElement?.querySelector('button');
  return button ?? (active instanceof HTMLElement && active !== document.body ? active : null);
}
