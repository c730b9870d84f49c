// Menus that drop from a button or open at the pointer (Radix). Never modal: a modal one would inject a style element.
import type { LucideIcon } from 'lucide-react';
import { ContextMenu as RadixContext, DropdownMenu as RadixDropdown } from 'radix-ui';
import { useRef, useState } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import { Keys } from './keys.tsx';

export type MenuEntry =
  | {
      type?: 'item';
      id: string;
      label: string;
      icon?: LucideIcon;
      /** Shown only; the keys are listened for elsewhere. */
      shortcut?: string;
      tone?: 'plain' | 'danger';
      isDisabled?: boolean;
      run: () => void;
    }
  | { type: 'rule'; id: string }
  | { type: 'head'; id: string; label: string };

export interface MenuProps {
  /** The button that opens it; gets the menu's aria attributes. */
  trigger: ReactNode;
  label: string;
  entries: MenuEntry[];
  align?: 'start' | 'end';
  side?: 'top' | 'bottom';
}

export function Menu({ trigger, label, entries, align = 'start', side = 'bottom' }: MenuProps) {
  return (
    <RadixDropdown.Root modal={false}>
      <RadixDropdown.Trigger asChild>{trigger}</RadixDropdown.Trigger>
      <RadixDropdown.Portal>
        <RadixDropdown.Content
          className="menu float"
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
        >
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} parts={RadixDropdown} />
          ))}
        </RadixDropdown.Content>
      </RadixDropdown.Portal>
    </RadixDropdown.Root>
  );
}

export interface RowMenuProps {
  /** Names the button and its menu. */
  label: string;
  icon: LucideIcon;
  /** Asked when it opens. */
  entries: () => MenuEntry[];
  /** Whether Tab comes to its button; not in a list that is one tab stop. */
  isTabStop?: boolean;
}

/** The menu of one row among hundreds: a plain button until somebody presses it. */
export function RowMenu({ label, icon, entries, isTabStop = true }: RowMenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  /** Opened by keys, it begins at its first entry. Radix knows that only of keys pressed while it is there. */
  const isByKeys = useRef(false);
  const open = (by: 'keys' | 'pointer') => {
    isByKeys.current = by === 'keys';
    setIsOpen(true);
  };
  return (
    <span className="row-menu">
      <IconButton
        ref={button}
        size="sm"
        icon={icon}
        label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        data-state={isOpen ? 'open' : 'closed'}
        tabIndex={isTabStop ? undefined : -1}
        onClick={({ detail }) => (isOpen ? setIsOpen(false) : open(detail === 0 ? 'keys' : 'pointer'))}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          open('keys');
        }}
      />
      {isOpen ? (
        <RadixDropdown.Root modal={false} open onOpenChange={setIsOpen}>
          {/* Lies over the button, for the menu to stand at. */}
          <RadixDropdown.Trigger asChild>
            <span aria-hidden="true" />
          </RadixDropdown.Trigger>
          <RadixDropdown.Portal>
            <RadixDropdown.Content
              className="menu float"
              aria-label={label}
              align="end"
              sideOffset={4}
              collisionPadding={8}
              onFocus={({ target, currentTarget }) => {
                if (target !== currentTarget || !isByKeys.current) return;
                isByKeys.current = false;
                currentTarget.querySelector<HTMLElement>('[role=menuitem]:not([data-disabled])')?.focus();
              }}
              // The button closes it by its own click.
              onInteractOutside={(event) => {
                if (event.target instanceof Node && button.current?.contains(event.target)) event.preventDefault();
              }}
              onCloseAutoFocus={(event) => {
                event.preventDefault();
                button.current?.focus();
              }}
            >
              {entries().map((entry) => (
                <Row key={entry.id} entry={entry} parts={RadixDropdown} />
              ))}
            </RadixDropdown.Content>
          </RadixDropdown.Portal>
        </RadixDropdown.Root>
      ) : null}
    </span>
  );
}

export interface ContextMenuProps {
  /** The area that opens it, one element. */
  children: ReactNode;
  label: string;
  /** Asked while it is open. */
  entries: () => MenuEntry[];
  /** Call `preventDefault` to keep the menu shut, for example between rows. */
  onContextMenu?: ComponentProps<'div'>['onContextMenu'];
  onOpenChange?: (isOpen: boolean) => void;
  /** Call `preventDefault` to place the focus yourself. */
  onCloseAutoFocus?: (event: Event) => void;
}

export function ContextMenu(props: ContextMenuProps) {
  const { children, label, entries, onContextMenu, onOpenChange, onCloseAutoFocus } = props;
  return (
    <RadixContext.Root modal={false} {...(onOpenChange ? { onOpenChange } : {})}>
      <RadixContext.Trigger asChild {...(onContextMenu ? { onContextMenu } : {})}>
        {children}
      </RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content
          className="menu float"
          aria-label={label}
          collisionPadding={8}
          {...(onCloseAutoFocus ? { onCloseAutoFocus } : {})}
        >
          {entries().map((entry) => (
            <Row key={entry.id} entry={entry} parts={RadixContext} />
          ))}
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}

function Row({ entry, parts }: { entry: MenuEntry; parts: typeof RadixDropdown | typeof RadixContext }) {
  if (entry.type === 'rule') return <parts.Separator className="rule" />;
  if (entry.type === 'head') return <parts.Label className="head">{entry.label}</parts.Label>;
  return (
    <parts.Item
      className={entry.tone === 'danger' ? 'mi danger' : 'mi'}
      disabled={entry.isDisabled ?? false}
      onSelect={entry.run}
    >
      {entry.icon ? <Icon icon={entry.icon} size={14} /> : null}
      {entry.label}
      {entry.shortcut ? (
        <span className="end">
          <Keys shortcut={entry.shortcut} />
        </span>
      ) : null}
    </parts.Item>
  );
}
