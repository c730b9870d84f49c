// Names and values of the details of a message, and the button's small panel that holds them.
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Popover } from '../../ui/index.ts';

export interface Detail {
  name: string;
  value: ReactNode;
  isCode?: boolean;
}

export function Facts({ details }: { details: readonly Detail[] }) {
  return (
    <dl className="kv">
      {details.map(({ name, value, isCode }) => (
        <div key={name} className="contents">
          <dt>{name}</dt>
          <dd className={isCode ? 'is-code' : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface DetailsPanelProps {
  label: string;
  /** The button, told whether the panel is open. */
  button: (props: {
    'aria-haspopup': 'dialog';
    'aria-expanded': boolean;
    onClick: (event: { currentTarget: HTMLElement }) => void;
  }) => ReactNode;
  align?: 'start' | 'end';
  children: ReactNode;
}

export function DetailsPanel({ label, button, align = 'end', children }: DetailsPanelProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      {button({
        'aria-haspopup': 'dialog',
        'aria-expanded': anchor !== null,
        onClick: ({ currentTarget }) => setAnchor(anchor ? null : currentTarget),
      })}
      {anchor ? (
        <Popover anchor={anchor} label={label} align={align} onClose={() => setAnchor(null)}>
          <div className="details">{children}</div>
        </Popover>
      ) : null}
    </>
  );
}
