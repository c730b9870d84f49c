// What no page may do, whatever it shows: navigate, open windows, use devices, or talk to main from elsewhere.
import { app, session, shell, type WebContents, type WebFrameMain } from 'electron';
import { isOwnUrl, isSafeExternalUrl } from './urls.ts';

/** Applies to every window made from now on. Call once Electron is ready. */
export function denyByDefault(devServerUrl: string | undefined): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  // Pages have no network. Chromium itself must not reach out either (spell-checker dictionaries and the like).
  session.defaultSession.setSpellCheckerEnabled(false);
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
