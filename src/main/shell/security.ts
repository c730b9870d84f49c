// What no page may do, whatever it shows: navigate, open windows, use devices, or talk to main from elsewhere.
import { app, session, shell, type WebContents, type WebFrameMain } from 'electron';
import { isOwnUrl, isSafeExternalUrl } from './urls.ts';

/**
 * Chromium itself reaches nobody: no name and no address resolves for it, and no proxy does it instead. Without this it
 * asks a server on the internet for a spelling dictionary at every start, before anything could forbid it.
 * Engines are not concerned: main talks to them through Node. Call before Electron is ready.
 */
export function cutOffChromium(devServerUrl: string | undefined): void {
  const dev = devServerUrl === undefined ? '' : `, EXCLUDE ${new URL(devServerUrl).hostname}`;
  app.commandLine.appendSwitch('host-resolver-rules', `MAP * ~NOTFOUND${dev}`);
  app.commandLine.appendSwitch('no-proxy-server');
}

/** macOS checks spelling itself; elsewhere Chromium would fetch a dictionary from the internet. */
export const canSpell = process.platform === 'darwin';

/** Applies to every window made from now on. Call once Electron is ready. */
export function denyByDefault(devServerUrl: string | undefined): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.setSpellCheckerEnabled(canSpell);
  // Pages have no network.
  session.defaultSession.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !isOwnUrl(details.url, devServerUrl) && !details.url.startsWith('devtools:') });
  });
  app.on('web-contents-created', (_event, contents) => lock(contents, devServerUrl));
}

/** Whether a message comes from a page of ours, and from its top frame. */
export function isOwnFrame(frame: WebFrameMain | null, devServerUrl: string | undefined): boolean {
  return frame !== null && frame.parent === null && isOwnUrl(frame.url, devServerUrl);
}

function lock(contents: WebContents, devServerUrl: string | undefined): void {
  const stay = (event: { preventDefault(): void }, url: string) => {
    if (!isOwnUrl(url, devServerUrl)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    // Where no program is there for it nothing opens; nothing else depends on it.
    if (isSafeExternalUrl(url)) shell.openExternal(url).catch(() => {});
    return { action: 'deny' };
  });
}
