// Tells the script that started this program when its window is there; `npm start` says so in its terminal.
import { app } from 'electron';

/** As `scripts/lib/window.mjs` reads it. */
const LINE = 'hearth:window-open\n';

/** Only where that script asks for it, and once. Must be called before a window is opened. */
export function tellWhenOpen(): void {
  if (process.env.HEARTH_TELL_WINDOW !== '1') return;
  // Whoever asked may have gone.
  process.stdout.on('error', () => {});
  app.once('browser-window-created', (_event, window) => {
    window.once('ready-to-show', () => process.stdout.write(LINE));
  });
}
