// Hands the window's port over to main; nothing else. Sandboxed, so it may only use these two modules.
import { ipcRenderer } from 'electron';

window.addEventListener('message', (event) => {
  // Only this very page, never a frame inside it.
  if (event.source !== window || (event.data as { type?: unknown } | null)?.type !== 'hearth-port') return;
  ipcRenderer.postMessage('hearth-port', null, [...event.ports]);
});
