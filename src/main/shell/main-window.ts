// The main window: sandboxed, drawn in the colours of the theme before the page has loaded, back where it was.
import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Settings } from '../../contract/settings.ts';
import type { SettingsStore } from '../settings/index.ts';
import { APP_ORIGIN } from './urls.ts';

/** The page's background and the window buttons, from the tokens `--paper` and `--ink-3`. */
const COLORS = {
  light: { paper: '#fdfdfb', symbol: '#615c57' },
  dark: { paper: '#1b1816', symbol: '#a8a29b' },
};
const TITLE_BAR_HEIGHT = 48;
const MINIMUM = { width: 880, height: 600 };
const DEFAULT = { width: 1280, height: 800 };
const REMEMBER_BOUNDS_AFTER_MS = 500;
/** A page that dies again so soon is loaded again no sooner than this. */
const RELOAD_PAUSE_MS = 10_000;

export interface WindowOptions {
  preloadPath: string;
  settings: SettingsStore;
  devServerUrl: string | undefined;
}

/** Opens a main window. Text selected there stays selectable, nothing else of the system is offered. */
export function openMainWindow({ preloadPath, settings, devServerUrl }: WindowOptions): BrowserWindow {
  const colors = currentColors();
  const window = new BrowserWindow({
    ...boundsFrom(settings.get()),
    minWidth: MINIMUM.width,
    minHeight: MINIMUM.height,
    title: 'Hearth',
    backgroundColor: colors.paper,
    titleBarStyle: 'hidden',
    ...(process.platform === 'darwin'
      ? { trafficLightPosition: { x: 16, y: 16 } }
      : { titleBarOverlay: { color: colors.paper, symbolColor: colors.symbol, height: TITLE_BAR_HEIGHT } }),
    webPreferences: {
      preload: preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  rememberBounds(window, settings);
  reloadWhenGone(window);
  const page = devServerUrl === undefined ? `${APP_ORIGIN}/main/index.html` : `${devServerUrl}/main/index.html`;
  void window.loadURL(page);
  return window;
}

/** Follows the theme setting: the pages read it through prefers-color-scheme, the window buttons are repainted. */
export function followTheme(settings: SettingsStore, windows: () => BrowserWindow[]): void {
  const apply = ({ theme }: Settings) => {
    nativeTheme.themeSource = theme;
  };
  apply(settings.get());
  settings.onChange(apply);
  nativeTheme.on('updated', () => {
    const colors = currentColors();
    for (const window of windows()) {
      window.setBackgroundColor(colors.paper);
      if (process.platform !== 'darwin') {
        window.setTitleBarOverlay({ color: colors.paper, symbolColor: colors.symbol, height: TITLE_BAR_HEIGHT });
      }
    }
  });
}

const currentColors = () => (nativeTheme.shouldUseDarkColors ? COLORS.dark : COLORS.light);

/** The remembered place if it still lies on a screen, else the default size in the middle. */
function boundsFrom(settings: Settings) {
  const { bounds } = settings.window;
  if (bounds === null) return DEFAULT;
  const area = screen.getDisplayMatching(bounds).workArea;
  const isVisible =
    bounds.x < area.x + area.width &&
    bounds.x + bounds.width > area.x &&
    bounds.y >= area.y &&
    bounds.y < area.y + area.height;
  return isVisible ? bounds : DEFAULT;
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
