// The smallest Electron program with a text field: what the start bench compares with.
import path from 'node:path';
import { app, BrowserWindow } from 'electron';

app.on('ready', () => {
  const window = new BrowserWindow({ width: 1280, height: 800 });
  void window.loadFile(path.join(import.meta.dirname, 'index.html'));
});
app.on('window-all-closed', () => app.quit());
