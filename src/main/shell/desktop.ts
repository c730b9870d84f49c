// The desktop program: windows onto the services, from Electron's start to its quit.
import path from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Notification, type OpenDialogOptions, shell } from 'electron';
import { HearthError, toErrorInfo } from '../errors/index.ts';
import { createRouter, type LocalSocket, serveLocalSocket, serveWindows } from '../ipc/index.ts';
import type { Programs } from '../programs.ts';
import { createServices, type Services } from '../services.ts';
import { dataFolder, prepareSocketFolder, socketPath } from '../settings/index.ts';
import { text } from '../words/index.ts';
import { registerAppScheme, serveAppScheme } from './app-protocol.ts';
import { systemCipher } from './cipher.ts';
import { claimSingleInstance, focusWindow, stopBeforeQuit } from './lifecycle.ts';
import { openMainWindow, preloadBeside } from './main-window.ts';
import { setApplicationMenu } from './menu.ts';
import { notifyOfDownloads } from './notifications.ts';
import { cutOffChromium, denyByDefault, isOwnFrame } from './security.ts';
import { onWakeUp } from './sleep.ts';
import { tellWhenOpen } from './tell-open.ts';
import { followTheme } from './title-bar.ts';
import { followVisibility } from './visibility.ts';

/** A page asks for its port within a fraction of a second; one that does not must not keep terminals waiting. */
const PAGE_LIMIT_MS = 3_000;
/** How often a history that a terminal's Hearth is using is tried again. */
const RETRY_IN_USE_MS = 300;

export interface DesktopOptions {
  programs: Programs;
  /** The folder of the built main program; preload and renderer lie beside it. */
  mainFolder: string;
  version: string;
}

/** Starts the desktop. Must be called before Electron is ready. */
export function runDesktop({ programs, mainFolder, version }: DesktopOptions): void {
  const folder = dataFolder(process.env, process.platform);
  app.setPath('userData', path.join(folder, 'browser'));
  registerAppScheme();
  if (!claimSingleInstance(focusFirstWindow)) {
    app.quit();
    return;
  }
  tellWhenOpen();
  const devServerUrl = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
  cutOffChromium(devServerUrl);
  // Begun before Electron is ready: both take their time, side by side.
  const building = createServices({
    folder,
    env: process.env,
    programs,
    version,
    cipher: systemCipher(),
    retryInUseMs: RETRY_IN_USE_MS,
    resumesDownloads: true,
  });

  const open = async () => {
    const [services] = await Promise.all([building, app.whenReady()]);
    serveAppScheme(path.join(mainFolder, '../renderer'));
    denyByDefault(devServerUrl);
    run(services, { mainFolder, folder, devServerUrl });
  };
  // Not awaited: Electron is ready only after this module has run.
  open().catch((error: unknown) => {
    const { message } = toErrorInfo(error);
    dialog.showErrorBox(text('desktop:startFailed.title'), text('desktop:startFailed.body', { message, folder }));
    app.exit(1);
  });
}

function run(
  services: Services,
  { mainFolder, folder, devServerUrl }: { mainFolder: string; folder: string; devServerUrl: string | undefined },
): void {
  const router = createRouter(services, {
    async openDataFolder() {
      const problem = await shell.openPath(folder);
      if (problem !== '') throw new HearthError('internal', {}, { detail: problem });
    },
    showFile(file) {
      shell.showItemInFolder(file);
      return Promise.resolve();
    },
    pickFile: () => pick({ properties: ['openFile'], filters: [{ name: 'GGUF', extensions: ['gguf'] }] }),
    pickFolder: () => pick({ properties: ['openDirectory', 'createDirectory'] }),
  });
  acceptWindows(serveWindows(router), devServerUrl);
  onWakeUp(() => services.onWake());
  followVisibility({
    windows: () => BrowserWindow.getAllWindows(),
    onOpened: (listener) => app.on('browser-window-created', (_event, window) => listener(window)),
    tell: (isVisible) => services.backends.setWatched(isVisible),
  });
  notifyOfDownloads(services, {
    isWindowFocused: () => BrowserWindow.getFocusedWindow() !== null,
    create: (notice) => new Notification(notice),
    onClick: focusFirstWindow,
  });

  const openWindow = () =>
    openMainWindow({ preloadPath: preloadBeside(mainFolder), settings: services.settings, devServerUrl });
  followTheme(services.settings, () => BrowserWindow.getAllWindows());
  setApplicationMenu({ openWindow });
  openWindow();
  app.on('activate', () => BrowserWindow.getAllWindows().length === 0 && openWindow());
  app.on('window-all-closed', () => process.platform !== 'darwin' && app.quit());

  let socket: Promise<LocalSocket | null> | null = null;
  services.app.onChange(({ phase }) => {
    // Holding the history's lock is what gives the right to the socket. Once open it stays, also while a retry is needed.
    if (phase === 'ready') socket ??= listen();
  });
  async function listen(): Promise<LocalSocket | null> {
    try {
      const place = socketPath(folder, process.platform, process.env);
      prepareSocketFolder(place, folder);
      return await serveLocalSocket(router, place, (error) => services.log.error('The local socket failed', { error }));
    } catch (error) {
      services.log.error('Terminals cannot reach this Hearth', { error });
      socket = null;
      return null;
    }
  }
  stopBeforeQuit(
    async () => {
      const served = await socket;
      // Terminals that follow an answer are told how it ends; others wait for the next Hearth.
      served?.refuse();
      await services.stop();
      await served?.stop();
    },
    (error) => services.log.error('The end was not in order', { error }),
  );
  afterFirstPage(() => {
    // A failure shows in the windows as the blocked page, and is in the log.
    services.start().catch(() => {});
  });
}

/** Asks over the window that is in front. */
async function pick(options: OpenDialogOptions): Promise<string | null> {
  const parent = BrowserWindow.getFocusedWindow();
  const { filePaths } = await (parent === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(parent, options));
  return filePaths[0] ?? null;
}

/** The window comes first: opening the history and looking for engines would take the cores it needs to draw. */
function afterFirstPage(work: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  const once = () => {
    clearTimeout(timer);
    ipcMain.off('hearth-port', once);
    work();
  };
  ipcMain.on('hearth-port', once);
  timer = setTimeout(once, PAGE_LIMIT_MS);
}

function focusFirstWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window !== undefined) focusWindow(window);
}

/** Takes the ports that our own pages hand over; a port from anywhere else is closed. */
function acceptWindows(serve: ReturnType<typeof serveWindows>, devServerUrl: string | undefined): void {
  ipcMain.on('hearth-port', (event) => {
    const [port] = event.ports;
    if (port === undefined) return;
    if (isOwnFrame(event.senderFrame, devServerUrl)) serve(port);
    else port.close();
  });
}
