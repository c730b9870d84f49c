// The main window: sandboxed, drawn in the colours of the theme before the page has loaded, back where it was.
import path from 'node:path';
import { BrowserWindow, type Rectangle, screen } from 'electron';
import type { SettingsStore } from '../settings/index.ts';
import { offerContextMenu } from './context-menu.ts';
import { canSpell } from './security.ts';
import { followPageColor, titleBarOptions } from './title-bar.ts';
import { APP_ORIGIN } from './urls.ts';
import { fitToScreens } from './window-bounds.ts';
import { zoomByKeys } from './zoom.ts';

const REMEMBER_BOUNDS_AFTER_MS = 500;
/** A page that dies again so soon is loaded again no sooner than this. */
const RELOAD_PAUSE_MS = 10_000;

export interface WindowOptions {
  preloadPath: string;
  settings: SettingsStore;
  devServerUrl: string | undefined;
}

/** Opens a main window. */
export function openMainWindow({ preloadPath, settings, devServerUrl }: WindowOptions): BrowserWindow {
  const { bounds, minimum } = fitToScreens(settings.get().window.bounds, workAreas());
  const window = new BrowserWindow({
    ...bounds,
    minWidth: minimum.width,
    minHeight: minimum.height,
    title: 'Hearth',
    ...titleBarOptions(),
    webPreferences: {
      preload: preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: canSpell,
    },
  });
  rememberBounds(window, settings);
  followPageColor(window);
  zoomByKeys(window);
  offerContextMenu(window);
  reloadWhenGone(window);
  const page = devServerUrl === undefined ? `${APP_ORIGIN}/main/index.html` : `${devServerUrl}/main/index.html`;
  void window.loadURL(page);
  return window;
}

function workAreas(): [Rectangle, ...Rectangle[]] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary.workArea, ...others.map(({ workArea }) => workArea)];
}

function rememberBounds(window: BrowserWindow, settings: SettingsStore): void {
  let timer: NodeJS.Timeout | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
      // A place that can't be kept is no reason to disturb anybody; settings tell their own trouble.
      settings.set({ window: { bounds: window.getNormalBounds() } }).catch(() => {});
    }, REMEMBER_BOUNDS_AFTER_MS);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('closed', () => clearTimeout(timer));
}

/** A page whose process died (a crash, no memory left) is loaded again: answers go on in main and are followed again. */
function reloadWhenGone(window: BrowserWindow): void {
  let diedAtMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const waitMs = performance.now() - diedAtMs < RELOAD_PAUSE_MS ? RELOAD_PAUSE_MS : 0;
    diedAtMs = performance.now();
    clearTimeout(timer);
    timer = setTimeout(() => window.webContents.reload(), waitMs);
  });
  window.on('closed', () => clearTimeout(timer));
}

/** The preload script beside the built main program. */
export const preloadBeside = (mainFolder: string) => path.join(mainFolder, '../preload/index.cjs');
