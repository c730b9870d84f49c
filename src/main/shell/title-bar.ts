// The system's window buttons over our own title bar, and the colours of a window before and around its page.
import { type BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme } from 'electron';
import type { Settings } from '../../contract/settings.ts';
import type { SettingsStore } from '../settings/index.ts';

/** The page's background and the window buttons, from the tokens `--paper` and `--ink-3`. */
const COLORS = {
  light: { paper: '#fdfdfb', symbol: '#615c57' },
  dark: { paper: '#1b1816', symbol: '#a8a29b' },
};
/** `--h-bar`, before any zoom. */
const HEIGHT = 48;
/** What lies behind the buttons where that is not the paper: a page says so by its theme colour while a scrim is over it. */
const behind = new WeakMap<BrowserWindow, string>();

/** What a new window needs so that it never flashes in another colour than its page has. */
export function titleBarOptions(): BrowserWindowConstructorOptions {
  return {
    backgroundColor: currentColors().paper,
    titleBarStyle: 'hidden',
    ...(process.platform === 'darwin'
      ? { trafficLightPosition: { x: 16, y: 16 } }
      : { titleBarOverlay: { color: currentColors().paper, symbolColor: currentColors().symbol, height: HEIGHT } }),
  };
}

/** Fits the buttons to the colours of the theme and to the height that the page's bar has at its zoom. */
export function paintTitleBar(window: BrowserWindow): void {
  if (process.platform === 'darwin') return;
  const height = Math.round(HEIGHT * window.webContents.getZoomFactor());
  const { paper, symbol } = currentColors();
  window.setTitleBarOverlay({ color: behind.get(window) ?? paper, symbolColor: symbol, height });
}

/** Keeps what lies behind a window's buttons as its page has it there. */
export function followPageColor(window: BrowserWindow): void {
  window.webContents.on('did-change-theme-color', (_event, color) => {
    if (color === null) behind.delete(window);
    else behind.set(window, color);
    paintTitleBar(window);
  });
}

/** Follows the theme setting: the pages read it through prefers-color-scheme, the window around them is repainted. */
export function followTheme(settings: SettingsStore, windows: () => BrowserWindow[]): void {
  const apply = ({ theme }: Settings) => {
    nativeTheme.themeSource = theme;
  };
  apply(settings.get());
  settings.onChange(apply);
  nativeTheme.on('updated', () => {
    for (const window of windows()) {
      window.setBackgroundColor(currentColors().paper);
      paintTitleBar(window);
    }
  });
}

const currentColors = () => (nativeTheme.shouldUseDarkColors ? COLORS.dark : COLORS.light);
