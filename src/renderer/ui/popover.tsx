// A small panel beside the button that opened it, for what is worth a look but not a page (Radix). Never modal, as menus.
import { Popover as RadixPopover } from 'radix-ui';
import { useMemo } from 'react';
import type { ReactNode } from 'react';

export interface PopoverProps {
  /** What it stands beside, and what gets the focus back. */
  anchor: HTMLElement;
  label: string;
  onClose: () => void;
  /** Which of its edges stands in line with the anchor's. */
  align?: 'start' | 'end';
  children: ReactNode;
}

/** Open as long as it is mounted; one for a whole list, beside whichever row asked for it. */
export function Popover({ anchor, label, onClose, align = 'end', children }: PopoverProps) {
  const anchorRef = useMemo(() => ({ current: anchor }), [anchor]);
  return (
    <RadixPopover.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <RadixPopover.Anchor virtualRef={anchorRef} />
      <RadixPopover.Portal>
        <RadixPopover.Content
          className="pop float"
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          // The button that opened it closes it by its own click.
          onInteractOutside={(event) => {
            if (event.target instanceof Node && anchor.contains(event.target)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const active = document.activeElement;
            if (active === null || active === document.body) anchor.focus();
          }}
        >
          {children}
        </RadixPopover.Content>
      </RadixPopover.Portal>
    </RadixPopover.Root>
  );
}
