// The bar at the top of the main pane: moves the window, keeps clear of the system's buttons, holds a pane's title and actions.
import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';

/** What the window puts at the start of every bar: the button that brings the sidebar back. */
export const TopBarLead = createContext<ReactNode>(null);

/** What the window puts under every bar: notices. */
export const TopBarBelow = createContext<ReactNode>(null);

export interface TopBarProps {
  /** The pane's title, an `h1`. */
  title?: ReactNode;
  /** Buttons right of the title. */
  children?: ReactNode;
  /** Buttons at the right end. */
  actions?: ReactNode;
}

export function TopBar({ title, children, actions }: TopBarProps) {
  const lead = useContext(TopBarLead);
  const below = useContext(TopBarBelow);
  return (
    <>
      <header className="bar" data-region="title">
        {lead}
        {title === undefined ? null : <h1 className={typeof title === 'string' ? 'clip' : 'min-w-0'}>{title}</h1>}
        {children}
        <span className="grow" />
        {actions}
      </header>
      {below}
    </>
  );
}
