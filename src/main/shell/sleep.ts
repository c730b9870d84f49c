// The computer's sleep: connections and children may not have lived through it.
import { powerMonitor } from 'electron';

/** Must be called after Electron is ready. */
export function onWakeUp(work: () => void): void {
  powerMonitor.on('resume', work);
}
