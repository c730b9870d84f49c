// Behind a proxy: the download goes through it, and what it refuses is told.
import { createServer, type Server } from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { installScene, rest } from '../../support/release-mirror/scene.ts';

interface Proxy {
  address: string;
  asked: { target: string; authorization: string | null }[];
}

/** Connects every name to the one port, if it is told the password. */
async function startProxy(port: number, password: string | null): Promise<Proxy> {
  const asked: Proxy['asked'] = [];
  const sockets = new Set<net.Socket>();
  const server: Server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, client: net.Socket) => {
    const authorization = request.headers['proxy-authorization'] ?? null;
    asked.push({ target: request.url ?? '', authorization });
    client.on('error', () => undefined);
    if (password !== null && authorization !== `Basic ${btoa(password)}`) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = net.connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

it('everything is asked through the proxy, with its password', async () => {
  const scene = await installScene();
  const proxy = await startProxy(scene.mirror.port, 'user:secret');
  const installer = scene.installer({
    baseUrl: () => 'http://releases.test/releases',
    proxy: () => `http://user:secret@${proxy.address}`,
  });
  installer.start('newest');
  expect(await rest(installer)).toMatchObject({ state: 'installed', problem: null });
  expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set(['releases.test:80']));
});

it('a proxy that wants a password is told, without a word of the one it was given', async () => {
  const scene = await installScene();
  const proxy = await startProxy(scene.mirror.port, 'user:secret');
  const installer = scene.installer({
    baseUrl: () => 'http://releases.test/releases',
    proxy: () => `http://user:wrong-one@${proxy.address}`,
  });
  installer.start('pinned');
  const { problem } = await rest(installer);
  expect(problem).toMatchObject({ code: 'install_unreachable', params: { host: 'releases.test' } });
  expect(problem?.message).toContain('password');
  expect(JSON.stringify(problem)).not.toContain('wrong-one');
  expect(scene.mirror.requests).toEqual([]);
});

it('a proxy that is not there is told', async () => {
  const scene = await installScene();
  const installer = scene.installer({ baseUrl: () => 'http://releases.test/releases', proxy: () => '127.0.0.1:9' });
  installer.start('pinned');
  expect((await rest(installer)).problem).toMatchObject({ code: 'install_unreachable' });
});

it('what is on this computer is asked for directly', async () => {
  const scene = await installScene();
  const proxy = await startProxy(scene.mirror.port, null);
  const installer = scene.installer({ proxy: () => proxy.address });
  installer.start('pinned');
  expect((await rest(installer)).state).toBe('installed');
  expect(proxy.asked).toEqual([]);
});
