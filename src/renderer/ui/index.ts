// The door of the design system.
export { Button, IconButton } from './button.tsx';
export { Field, Segmented, Select, Switch } from './field.tsx';
export { Icon } from './icon.tsx';
export { Keys } from './keys.tsx';
export { Mark } from './mark.tsx';
export { ContextMenu, Menu } from './menu.tsx';
export type { MenuEntry } from './menu.tsx';
export { Meter } from './meter.tsx';
export { Fault, Note } from './note.tsx';
export { OptionCards } from './option-cards.tsx';
export type { OptionCard } from './option-cards.tsx';
export { Skeleton, VisuallyHidden } from './small.tsx';
export { Badge, Dot } from './status.tsx';
export type { DotTone } from './status.tsx';
export { hideToast, showToast, TOAST_MS, ToastRegion } from './toast.tsx';
export { TooltipLayer } from './tooltip.tsx';
export { TopBar, TopBarBelow, TopBarLead } from './top-bar.tsx';
