// What a right click offers, where the page has no menu of its own: only what can be done there.
import { type BrowserWindow, clipboard, Menu, type MenuItemConstructorOptions } from 'electron';
import { text } from '../words/index.ts';
import { type ContextAction, contextActions } from './context-actions.ts';

/** Shows the menu of a window. A page that handles a right click itself prevents it. */
export function offerContextMenu(window: BrowserWindow): void {
  const { webContents } = window;
  webContents.on('context-menu', (_event, params) => {
    const items = contextActions(params).map((action): MenuItemConstructorOptions => {
      if (action.kind === 'separator') return { type: 'separator' };
      if (action.kind === 'replace') return { label: action.word, click: () => run(action) };
      return { label: text(`desktop:contextMenu.${action.kind}`), click: () => run(action) };
    });
    if (items.length > 0) Menu.buildFromTemplate(items).popup({ window });
  });

  function run(action: ContextAction): void {
    switch (action.kind) {
      case 'replace':
        webContents.replaceMisspelling(action.word);
        break;
      case 'learn':
        webContents.session.addWordToSpellCheckerDictionary(action.word);
        break;
      case 'copyLink':
        void clipboard.writeText(action.url);
        break;
      case 'separator':
        break;
      case 'cut':
      case 'copy':
      case 'paste':
      case 'selectAll':
        webContents[action.kind]();
    }
  }
}
