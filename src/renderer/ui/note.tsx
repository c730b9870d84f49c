// What Hearth has to say in place: a note about something, and the card of a fault where it happened. Never a modal.
import type { LucideIcon } from 'lucide-react';
import { CircleAlert, Info, X } from 'lucide-react';
import { useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import { useKeptFocus } from './kept-focus.ts';

export interface NoteProps {
  tone?: 'plain' | 'warn' | 'bad';
  icon?: LucideIcon;
  children: ReactNode;
  /** With it the note can be put away; `label` names the button. */
  dismiss?: { label: string; run: () => void };
}

export function Note({ tone = 'plain', icon = Info, children, dismiss }: NoteProps) {
  return (
    <div className={tone === 'plain' ? 'note' : `note ${tone}`}>
      <Icon icon={icon} />
      <div className="grow">{children}</div>
      {dismiss ? (
        <IconButton className="-my-1 -mr-1" size="sm" icon={X} label={dismiss.label} onClick={dismiss.run} />
      ) : null}
    </div>
  );
}

export interface FaultProps {
  /** What happened, in a few words; left out when the sentence says it all. */
  title?: string;
  /** The sentence of the error. */
  children: ReactNode;
  /** Buttons: what you can do. */
  actions?: ReactNode;
  /** Below the buttons, for whoever wants to know more. */
  more?: ReactNode;
  /** `alert` when it appears while somebody waits for it. */
  role?: 'alert';
}

export function Fault({ title, children, actions, more, role }: FaultProps) {
  const titleId = useId();
  const card = useRef<HTMLDivElement>(null);
  // What helps often takes the place of the button that asked for it.
  useKeptFocus(card);
  return (
    <div
      ref={card}
      className="fault"
      role={role ?? (title ? 'group' : undefined)}
      aria-labelledby={title ? titleId : undefined}
      tabIndex={-1}
    >
      <Icon icon={CircleAlert} />
      <div className="grow">
        {title ? <b id={titleId}>{title}</b> : null}
        {children}
        {actions ? <div className="acts">{actions}</div> : null}
        {more}
      </div>
    </div>
  );
}
