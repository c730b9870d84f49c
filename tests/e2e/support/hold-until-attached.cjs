// Loaded into Electron before Hearth: no window opens until Playwright has attached.
// Else it attaches while the first page is being loaded, misses that it was, and waits for it for minutes: one start in a hundred.
const { app } = require('electron');

const whenReady = app.whenReady.bind(app);
const attached = new Promise((resolve) => {
  // Playwright calls this once it follows every page.
  globalThis.__playwright_run = resolve;
});
app.whenReady = () => attached.then(whenReady);
