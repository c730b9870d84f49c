// Small marks of state: dots and badges. A dot always stands next to a word.
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useBeat } from './beat.ts';
import { Icon } from './icon.tsx';

/** ok solid, live with a halo, off hollow (asleep), you for the reader's own place in a line. */
export type DotTone = 'ok' | 'live' | 'off' | 'warn' | 'bad' | 'away' | 'you';

export function Dot({ tone }: { tone: DotTone }) {
  useBeat(tone === 'live');
  return <span className={`dot ${tone}`} aria-hidden="true" />;
}

export type BadgeTone = 'neutral' | 'ok' | 'warn' | 'bad' | 'away' | 'live' | 'line';

export interface BadgeProps {
  tone?: BadgeTone;
  size?: 'sm' | 'md';
  icon?: LucideIcon;
  children: ReactNode;
}

export function Badge({ tone = 'neutral', size = 'md', icon, children }: BadgeProps) {
  return (
    <span className={['badge', tone === 'neutral' ? '' : tone, size === 'sm' ? 'sm' : ''].filter(Boolean).join(' ')}>
      {icon ? <Icon icon={icon} size={size === 'sm' ? 12 : 14} /> : null}
      {children}
    </span>
  );
}
