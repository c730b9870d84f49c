// The application menu: hidden on Windows and Linux, where it still serves the standard editing shortcuts.
import { BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { text } from '../words/index.ts';
import { zoom } from './zoom.ts';
import type { ZoomStep } from './zoom-keys.ts';

export function setApplicationMenu({ openWindow }: { openWindow: () => void }): void {
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      role: 'fileMenu',
      submenu: [
        { label: text('desktop:newWindow'), accelerator: 'CmdOrCtrl+Shift+N', click: openWindow },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      role: 'viewMenu',
      submenu: [
        zoomItem('reset', 'CmdOrCtrl+0'),
        zoomItem('in', 'CmdOrCtrl+Plus'),
        zoomItem('out', 'CmdOrCtrl+-'),
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'reload', accelerator: 'CmdOrCtrl+Shift+R' },
        { role: 'toggleDevTools' },
      ],
    },
    // Elsewhere its Ctrl M would take the key that changes the model.
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** Its key is only shown: the windows hear it themselves, with its relatives on other keyboards. */
function zoomItem(step: ZoomStep, accelerator: string): MenuItemConstructorOptions {
  return {
    label: text(`desktop:zoom.${step}`),
    accelerator,
    registerAccelerator: false,
    click() {
      const window = BrowserWindow.getFocusedWindow();
      if (window !== null) zoom(window, step);
    },
  };
}
