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
  await window.evaluate(() => {
    location.href = 'https://127.0.0.1:9/';
  });
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

test('the page keeps its own policy: nothing in it breaks the rules it is served with', async ({ start }) => {
  const ollama = await startReplayOllama({
    answer: { tokens: ['**bold** ', '`code`\n\n', '```js\nlet a = 1;\n```\n'] },
  });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const complaints: string[] = [];
  window.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  await window.reload();
  const on = screen(window);
  await on.ask('Show me code');
  await expect(on.answers.locator('code').first()).toBeVisible();
  await expect(on.send).toBeVisible();
  expect(complaints).toEqual([]);
  await ollama.close();
});
