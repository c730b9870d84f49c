// Tells whether anybody can see Hearth: what is only looked at for the eye rests while nobody can.
import type { EventEmitter } from 'node:events';

/** As Electron's BrowserWindow has it. */
export interface SeenWindow extends Pick<EventEmitter, 'on'> {
  isDestroyed(): boolean;
  isVisible(): boolean;
  isMinimized(): boolean;
}

export interface VisibilityOptions {
  windows: () => readonly SeenWindow[];
  /** Called for every window that is opened from now on. */
  onOpened: (listener: (window: SeenWindow) => void) => void;
  /** Told at every change, first when a window shows. */
  tell: (isVisible: boolean) => void;
}

const VISIBILITY_EVENTS = ['ready-to-show', 'show', 'hide', 'minimize', 'restore', 'closed'] as const;

export function followVisibility({ windows, onOpened, tell }: VisibilityOptions): void {
  let wasVisible = false;
  const look = () => {
    const isVisible = windows().some((one) => !one.isDestroyed() && one.isVisible() && !one.isMinimized());
    if (isVisible === wasVisible) return;
    wasVisible = isVisible;
    tell(isVisible);
  };
  onOpened((window) => {
    for (const event of VISIBILITY_EVENTS) window.on(event, look);
  });
}
