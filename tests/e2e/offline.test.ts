// Hearth talks to nobody but the engine: a whole session, with the ways out of the computer watched.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, root, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

/** Loaded into every Node that Hearth starts: writes down each name that is looked up and each connection. */
const WATCH = `
  const { appendFileSync } = require('node:fs');
  const net = require('node:net'), dns = require('node:dns'), dgram = require('node:dgram');
  process.env.NODE_OPTIONS = '--require ' + __filename;
  const note = (kind, to) => appendFileSync(process.env.HEARTH_TEST_WATCH, kind + ' ' + to + '\\n');
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    const [first, second] = Array.isArray(args[0]) ? args[0] : args;
    const named = typeof first === 'object' ? (first.path ?? first.host) : typeof first === 'string' ? first : second;
    note('connect', named ?? 'localhost');
    return connect.apply(this, args);
  };
  const { lookup } = dns;
  dns.lookup = function (name, ...rest) { note('lookup', name); return lookup.call(this, name, ...rest); };
  const { send } = dgram.Socket.prototype;
  dgram.Socket.prototype.send = function (...args) { note('datagram', args.join(' ')); return send.apply(this, args); };
`;

test('a whole session reaches this computer only', async ({ home, start }) => {
  const ollama = await startReplayOllama({
    answer: { tokens: ['See ', '[this](https://example.org/) ', '![that](https://example.org/a.png) ', 'end.'] },
  });
  mkdirSync(path.join(home, 'models'), { recursive: true });
  cpSync(path.join(root, 'tests/fixtures/tiny.gguf'), path.join(home, 'models/tiny.gguf'));
  const watch = path.join(home, 'watch.cjs');
  const connections = path.join(home, 'connections.txt');
  const netLog = path.join(home, 'net-log.json');
  writeFileSync(watch, WATCH);
  const caught: string[] = [];
  const trap = createServer((request, response) => {
    caught.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  trap.on('connect', (request, socket) => {
    caught.push(`CONNECT ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  const proxy = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;

  const hearth = await start(
    {
      OLLAMA_HOST: `${ollama.host}:${ollama.port}`,
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      http_proxy: proxy,
      https_proxy: proxy,
      HEARTH_TEST_WATCH: connections,
    },
    ['-r', watch, `--log-net-log=${netLog}`],
  );
  const { window } = hearth;
  const on = screen(window);
  await on.ask('Where do you look?');
  await expect(on.answers).toContainText('end.');
  await expect(on.send).toBeVisible();
  await on.openSettings('Backends');
  await window.getByRole('button', { name: 'Check again' }).click();
  await window.getByRole('combobox', { name: 'Backend' }).selectOption('llamacpp');
  await expect(window.getByRole('listitem').filter({ hasText: 'Built-in engine' })).toContainText('Answers next');
  await window.keyboard.press('Escape');
  await on.newChat.click();
  await on.ask('And you?');
  await expect(on.answers).toContainText(/tokens\/s/, { timeout: 45_000 });
  await hearth.quit();

  expect(caught).toEqual([]);
  const seen = readFileSync(connections, 'utf8').trim().split('\n');
  expect(seen).toContain(`connect ${ollama.host}`);
  expect(seen.filter((line) => !isLocal(line))).toEqual([]);
  expect(sentByChromium(netLog)).toEqual([]);
  trap.close();
  await ollama.close();
});

const isLocal = (line: string) => /^(connect|lookup) (127\.0\.0\.1|localhost|::1|\/.*)$/.test(line);

/** What left through Chromium's own network: attempts to connect, and datagrams. */
function sentByChromium(file: string): string[] {
  const { constants, events } = JSON.parse(readFileSync(file, 'utf8')) as {
    constants: { logEventTypes: Record<string, number> };
    events: { type: number; params?: unknown }[];
  };
  expect(events.length).toBeGreaterThan(0);
  const names = new Map(Object.entries(constants.logEventTypes).map(([name, type]) => [type, name]));
  return events
    .map(({ type, params }) => `${names.get(type)} ${JSON.stringify(params)}`)
    .filter((line) => /^(TCP_CONNECT_ATTEMPT|UDP_BYTES_SENT|SOCKET_BYTES_SENT) /.test(line));
}
