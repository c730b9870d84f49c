// Loaded into Electron's main process before the program (`electron -r`): prints a line once a text field can be typed in.
const { app } = require('electron');

const USABLE = `new Promise((resolve) => {
  const look = () => {
    const field = document.querySelector('textarea');
    if (field === null || field.disabled) return requestAnimationFrame(look);
    field.focus();
    // Two frames later it has been painted.
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(document.activeElement === field)));
  };
  look();
})`;

app.on('web-contents-created', (_event, contents) => {
  contents.once('dom-ready', () => {
    void contents.executeJavaScript(USABLE).then((isUsable) => process.stdout.write(`composer-usable ${isUsable}\n`));
  });
});
