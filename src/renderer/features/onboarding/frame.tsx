// What every step has: a heading that takes the focus, a line below it, the body, and the foot with its buttons.
import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { Button } from '../../ui/index.ts';

export interface FrameProps {
  title: string;
  sub: string;
  children: ReactNode;
  /** At the left of the foot, for example where the bytes come from. */
  note?: string;
  /** Left of the main button. */
  secondary?: ReactNode;
  primary: { label: string; run: () => void; isBusy?: boolean; isDisabled?: boolean };
}

export function Frame({ title, sub, children, note, secondary, primary }: FrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The step that opens takes the focus, so that keys and screen readers start there.
  useEffect(() => heading.current?.focus(), []);

  const isReady = !primary.isBusy && !primary.isDisabled;
  /** Enter goes on from the heading and from a card, whose choice the arrows have already made. */
  const goOn = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Enter' || event.defaultPrevented || !(event.target instanceof HTMLElement)) return;
    if (!event.target.matches('h1, [role=radio]')) return;
    event.preventDefault();
    if (isReady) primary.run();
  };

  return (
    <div onKeyDown={goOn}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p className="ob-sub">{sub}</p>
      {children}
      <div className="ob-foot">
        <span className="ob-note">{note}</span>
        {secondary}
        <Button
          variant="primary"
          size="lg"
          isBusy={primary.isBusy ?? false}
          disabled={primary.isDisabled}
          onClick={primary.run}
        >
          {primary.label}
        </Button>
      </div>
    </div>
  );
}
