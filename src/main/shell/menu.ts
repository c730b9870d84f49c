// The application menu: hidden on Windows and Linux, where it still serves the standard editing shortcuts.
import { Menu, type MenuItemConstructorOptions } from 'electron';
import { text } from '../words/index.ts';

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
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
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
