// Hands the window's port over to main, and tells where a dropped file lies; nothing else. Sandboxed, so it may only use this module.
import { contextBridge, ipcRenderer, webUtils } from 'electron';

window.addEventListener('message', (event) => {
  // Only this very page, never a frame inside it.
  if (event.source !== window || (event.data as { type?: unknown } | null)?.type !== 'hearth-port') return;
  ipcRenderer.postMessage('hearth-port', null, [...event.ports]);
});

// Gives away no more than the user did who dropped it; main looks into the file itself before it believes anything.
contextBridge.exposeInMainWorld('hearth', { pathOf: (file: File) => webUtils.getPathForFile(file) });
