// Buttons with words, and buttons with an icon only, which always have a name and a tooltip.
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { ariaKeyShortcut, shortcutKeys } from '../lib/keys.ts';
import { Icon } from './icon.tsx';

export interface ButtonProps extends ComponentProps<'button'> {
  /** One `primary` a view; `danger` is red text. */
  variant?: 'primary' | 'secondary' | 'ghost' | 'danger';
  size?: 'sm' | 'md' | 'lg';
  icon?: LucideIcon;
  /** At work for a moment: a press does nothing. Unlike `disabled` it keeps the focus. */
  isBusy?: boolean;
}

export function Button(props: ButtonProps) {
  const { variant = 'secondary', size = 'md', icon, isBusy = false, className, children, onClick, ...rest } = props;
  const look = variant === 'danger' ? 'ghost danger' : variant;
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={isBusy ? true : undefined}
      onClick={isBusy ? undefined : onClick}
      className={['btn', look, size, className].filter(Boolean).join(' ')}
    >
      {icon ? <Icon icon={icon} size={14} /> : null}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'title'> {
  /** The name: what a screen reader says and the tooltip shows. A verb. */
  label: string;
  /** Shown in the tooltip, for example `Mod+B`. */
  shortcut?: string;
  icon?: LucideIcon;
  /** 24 in rows, 28 elsewhere, 32 in the composer. */
  size?: 'sm' | 'md' | 'lg';
  variant?: 'ghost' | 'solid';
  /** Instead of `icon`, for a drawing of one's own. */
  children?: ReactNode;
}

export function IconButton(props: IconButtonProps) {
  const { label, shortcut, icon, size = 'md', variant = 'ghost', className, children, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      {...(shortcut ? { 'aria-keyshortcuts': ariaKeyShortcut(shortcut) } : {})}
      data-tip={label}
      data-tip-keys={shortcut ? shortcutKeys(shortcut).join(' ') : undefined}
      className={['ib', size, variant === 'solid' ? 'solid' : '', className].filter(Boolean).join(' ')}
    >
      {icon ? <Icon icon={icon} size={size === 'sm' ? 14 : 16} /> : children}
    </button>
  );
}
