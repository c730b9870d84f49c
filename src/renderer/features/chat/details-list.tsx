// Names and values of the details of a message, and the button's small panel that holds them.
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Popover } from '../../ui/index.ts';

export interface Detail {
  name: string;
  value: ReactNode;
  isCode?: boolean;
}

export function DetailList({ details }: { details: readonly Detail[] }) {
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
  /** What the panel holds. */
  details: ReactNode;
  /** Draws the button. */
  children: (props: ButtonProps) => ReactNode;
}

/** What the button needs, to open the panel and to say whether it is open. */
interface ButtonProps {
  'aria-haspopup': 'dialog';
  'aria-expanded': boolean;
  onClick: (event: { currentTarget: HTMLElement }) => void;
}

export function DetailsPanel({ label, details, children }: DetailsPanelProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      {children({
        'aria-haspopup': 'dialog',
        'aria-expanded': anchor !== null,
        onClick: ({ currentTarget }) => setAnchor(anchor ? null : currentTarget),
      })}
      {anchor ? (
        <Popover anchor={anchor} label={label} onClose={() => setAnchor(null)}>
          <div className="details">{details}</div>
        </Popover>
      ) : null}
    </>
  );
}
