// What a page may not do, whatever an answer holds.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const HOSTILE = [
  '![pixel](http://127.0.0.1:9/pixel.png) ',
  '[run](javascript:document.title="owned") ',
  '<script>document.title="owned"</script> ',
  '<img src=x onerror="document.title=\'owned\'"> ',
  '<iframe src="http://127.0.0.1:9/"></iframe> ',
  '[file](file:///etc/passwd) ',
  '[site](https://example.org/) ',
  'end',
];

test('hostile Markdown does nothing and asks nobody', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: HOSTILE } });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const asked: string[] = [];
  window.on('request', (request) => asked.push(request.url()));
  const on = screen(window);
  await on.ask('Be hostile');
  await expect(on.answers).toContainText('end');
  await expect(on.send).toBeVisible();
  expect(await window.title()).not.toContain('owned');
  expect(await on.answers.locator('img, iframe, script').count()).toBe(0);
  const links = await on.answers.locator('a[href]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  expect(links.filter((href) => !/^(https?:|mailto:)/.test(href ?? ''))).toEqual([]);
  expect(asked.filter((url) => !url.startsWith('app://hearth/'))).toEqual([]);
  await ollama.close();
});

test('pages have no Node, no network, no navigation, no windows, no permissions', async ({ start }) => {
  const { app, window } = await start();
  await expect(screen(window).composer).toBeFocused();
  const found = await window.evaluate(async () => ({
    node: typeof (globalThis as { require?: unknown }).require + typeof (globalThis as { process?: unknown }).process,
    network: await fetch('http://127.0.0.1:9/').then(
      () => 'reached',
      () => 'refused',
    ),
    opened: globalThis.open('https://127.0.0.1:9/') === null,
    permission: (await navigator.permissions.query({ name: 'geolocation' })).state,
  }));
  expect(found).toMatchObject({ node: 'undefinedundefined', network: 'refused', opened: true, permission: 'denied' });
  // Main is asked for every navigation; only then there is something to be denied. It listens before the page tries.
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    (globalThis as { denied?: Promise<boolean> }).denied = new Promise((resolve) => {
      contents?.once('will-navigate', (event) => setImmediate(() => resolve(event.defaultPrevented)));
    });
  });
  await window.evaluate(() => {
    location.href = 'https://127.0.0.1:9/';
  });
  expect(await app.evaluate(() => (globalThis as { denied?: Promise<boolean> }).denied)).toBe(true);
  expect(window.url()).toContain('app://hearth/');
  expect(app.windows()).toHaveLength(1);
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): { sandbox?: boolean; contextIsolation?: boolean; nodeIntegration?: boolean };
    };
    const { sandbox, contextIsolation, nodeIntegration } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false });
});

test('links leave for the system only with a scheme that starts no program', async ({ start }) => {
  const { app, window } = await start();
  await expect(screen(window).composer).toBeFocused();
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = (url) => {
      opened.push(url);
      return Promise.reject(new Error('no program for it'));
    };
  });
  await window.evaluate(() => {
    for (const url of [
      'file:///etc/passwd',
      'smb://host/share',
      'javascript:alert(1)',
      'https://example.org/',
      'mailto:a@b.c',
    ])
      globalThis.open(url, '_blank', 'noopener');
  });
  const opened = () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
  await expect.poll(opened).toEqual(['https://example.org/', 'mailto:a@b.c']);
  expect(app.windows()).toHaveLength(1);
});

test('a port is served only when the top frame of a page of ours hands it over', async ({ start }) => {
  const { app, window } = await start();
  await expect(screen(window).composer).toBeFocused();
  const ends = await app.evaluate(async ({ ipcMain, MessageChannelMain }) => {
    const page = 'app://hearth/main/index.html';
    const senders = {
      ours: { url: page, parent: null },
      'a frame in ours': { url: page, parent: {} },
      'another page': { url: 'https://example.org/', parent: null },
      'one that looks like ours': { url: 'app://hearth.example.org/', parent: null },
      'a frame that is gone': null,
    };
    const closed: string[] = [];
    const closings: Promise<unknown>[] = [];
    // A port that nobody holds may be collected before it could tell of its end.
    const held: unknown[] = [];
    Object.assign(globalThis, { held });
    for (const [name, senderFrame] of Object.entries(senders)) {
      const { port1, port2 } = new MessageChannelMain();
      const closing = new Promise<void>((resolve) =>
        port2.once('close', () => {
          closed.push(name);
          resolve();
        }),
      );
      if (name !== 'ours') closings.push(closing);
      held.push(port1, port2);
      port2.start();
      ipcMain.emit('hearth-port', { ports: [port1], senderFrame });
    }
    await Promise.all(closings);
    return closed.toSorted();
  });
  expect(ends).toEqual(['a frame in ours', 'a frame that is gone', 'another page', 'one that looks like ours']);
});

test('the page keeps its own policy: nothing in it breaks the rules it is served with', async ({ start }) => {
  const ollama = await startReplayOllama({
    answer: { tokens: ['**bold** ', '`code`\n\n', '```js\nlet a = 1;\n```\n'] },
  });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const complaints: string[] = [];
  window.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  const on = screen(window);
  // A page that is still being opened can't be opened anew.
  await expect(on.composer).toBeFocused();
  await window.reload();
  await on.ask('Show me code');
  await expect(on.answers.locator('code').first()).toBeVisible();
  await expect(on.send).toBeVisible();
  expect(complaints).toEqual([]);
  await ollama.close();
});
