// Watches the ways out of this computer while Hearth runs: Node's connections and look-ups, and a proxy that catches the rest.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

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

export interface NetworkWatch {
  /** For the environment that Hearth starts in. */
  env: Record<string, string>;
  /** For its command line. */
  switches: string[];
  /** What Node connected to or looked up, for example `connect 127.0.0.1`. */
  seen(): string[];
  /** What would have left this computer, by Node or by way of the proxy; empty when nothing did. */
  left(): string[];
  close(): void;
}

/** @param folder of the test's own, for the watch and its notes */
export async function watchNetwork(folder: string): Promise<NetworkWatch> {
  const watch = path.join(folder, 'watch.cjs');
  const notes = path.join(folder, 'connections.txt');
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
  const seen = () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []);
  return {
    env: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy, HEARTH_TEST_WATCH: notes },
    switches: ['-r', watch],
    seen,
    left: () => [...caught, ...seen().filter((line) => !isLocal(line))],
    close: () => void trap.close(),
  };
}

const isLocal = (line: string) => /^(connect|lookup) (127\.0\.0\.1|localhost|::1|\/.*)$/.test(line);

/** What left through Chromium's own network, by its log (`--log-net-log`): attempts to connect, and datagrams. */
export function sentByChromium(file: string): string[] {
  const { constants, events } = JSON.parse(readFileSync(file, 'utf8')) as {
    constants: { logEventTypes: Record<string, number> };
    events: { type: number; params?: unknown }[];
  };
  if (events.length === 0) throw new Error(`${file} holds no events`);
  const names = new Map(Object.entries(constants.logEventTypes).map(([name, type]) => [type, name]));
  return events
    .map(({ type, params }) => `${names.get(type)} ${JSON.stringify(params)}`)
    .filter((line) => /^(TCP_CONNECT_ATTEMPT|UDP_BYTES_SENT|SOCKET_BYTES_SENT) /.test(line));
}
