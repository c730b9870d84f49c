// A lucide icon in Hearth's stroke and sizes. Always decorative: the name belongs to the control around it.
import type { LucideIcon } from 'lucide-react';

export interface IconProps {
  icon: LucideIcon;
  /** 16 in controls, 14 beside 12-13 px text, 12 in small badges, 20 in empty states. */
  size?: 12 | 14 | 16 | 20;
}

export function Icon({ icon: Drawing, size = 16 }: IconProps) {
  return <Drawing className={size === 16 ? 'i' : `i i-${size}`} aria-hidden="true" focusable="false" />;
}
