// Which URLs are ours, which may leave for the system's browser. Pure, so that it can be tested without Electron.
import path from 'node:path';

export const APP_ORIGIN = 'app://hearth';

/** The file of an app:// URL; null when the host is not ours or the path leaves the folder. */
export function fileFor(folder: string, url: string): string | null {
  try {
    const { host, pathname } = new URL(url);
    const file = path.join(folder, decodeURIComponent(pathname));
    return host === 'hearth' && file.startsWith(folder + path.sep) && !file.includes('\0') ? file : null;
  } catch {
    return null;
  }
}

/** Whether a URL belongs to our own pages (or, in development, to the dev server and its web socket). */
export function isOwnUrl(url: string, devServerUrl: string | undefined): boolean {
  if (url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`)) return true;
  if (devServerUrl === undefined) return false;
  const { host } = new URL(devServerUrl);
  try {
    const target = new URL(url);
    return target.host === host && ['http:', 'ws:'].includes(target.protocol);
  } catch {
    return false;
  }
}

/** Only what a browser or a mail program opens; everything else could start a program. */
export function isSafeExternalUrl(url: string): boolean {
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}
