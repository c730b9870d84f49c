// Larger and smaller pages, by keys and by the menu.
import { BrowserWindow } from 'electron';
import { paintTitleBar } from './title-bar.ts';
import { nextZoom, type ZoomStep, zoomStepOf } from './zoom-keys.ts';

/** Lets a window's keys zoom it. They are heard before the page and the menu, whose accelerators know one key a step. */
export function zoomByKeys(window: BrowserWindow): void {
  window.webContents.on('before-input-event', (event, input) => {
    const step = zoomStepOf(input, process.platform === 'darwin');
    if (step === null) return;
    event.preventDefault();
    zoom(window, step);
  });
  // The browser keeps the factor for all our pages, also over a restart; it is known once a page is there.
  window.webContents.on('did-finish-load', () => paintTitleBar(window));
}

/** Zooms all windows: they show the same pages. */
export function zoom(window: BrowserWindow, step: ZoomStep): void {
  window.webContents.setZoomFactor(nextZoom(window.webContents.getZoomFactor(), step));
  for (const one of BrowserWindow.getAllWindows()) paintTitleBar(one);
}
