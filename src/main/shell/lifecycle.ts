// Start once, end cleanly: one Hearth per data folder, and no process left behind when it goes.
import { app, type BrowserWindow } from 'electron';

/** Longer than services.stop() takes at worst; after that the app goes anyway. */
const STOP_LIMIT_MS = 12_000;
/** How long Electron itself may take to end once everything of ours has. */
const GONE_WITHIN_MS = 5_000;

/** False when another Hearth has this data folder's window; that one comes to the front instead. */
export function claimSingleInstance(onSecondStart: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', onSecondStart);
  return true;
}

/** Brings a window to the front, wherever it is. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Runs `stop` before the app quits, whichever way the quit began. The app quits whatever becomes of it. */
export function stopBeforeQuit(stop: () => Promise<void>, onError: (error: unknown) => void): void {
  let isStopped = false;
  let isStopping = false;
  app.on('before-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    if (isStopping) return;
    isStopping = true;
    const limit = new Promise((resolve) => setTimeout(resolve, STOP_LIMIT_MS));
    void Promise.race([stop(), limit])
      .catch(onError)
      .finally(() => {
        isStopped = true;
        app.quit();
        // Everything of ours has ended: what still holds the process then is no reason to stay.
        setTimeout(() => app.exit(), GONE_WITHIN_MS);
      });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}
