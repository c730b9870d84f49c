// A network that fails in every way it can: what heals is tried again, the rest is told in one sentence.
import { readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { archiveOf, type Entry, tarZstOf, tgzOf, zipOf } from '../../support/release-mirror/archives.ts';
import type { Fault, MirrorRequest } from '../../support/release-mirror/index.ts';
import {
  installScene,
  LINUX_ASSET,
  releaseEntries,
  rest,
  type Scene,
  until,
} from '../../support/release-mirror/scene.ts';

const isArchive = (request: MirrorRequest): boolean => request.path.endsWith(LINUX_ASSET);

async function installWith(scene: Scene, fault: (request: MirrorRequest) => Fault | null, release = 'pinned' as const) {
  scene.mirror.fault = fault;
  const installer = scene.installer();
  installer.start(release);
  const status = await rest(installer);
  return { installer, status, ranges: scene.mirror.requests.filter(isArchive).map(({ range }) => range) };
}
/** Goes wrong once, then well. */
const once =
  (fault: Fault) =>
  (request: MirrorRequest): Fault | null =>
    isArchive(request) && request.before === 0 ? fault : null;
const always =
  (fault: Fault) =>
  (request: MirrorRequest): Fault | null =>
    isArchive(request) ? fault : null;

describe('goes on where it was', () => {
  it('after a cut, asking for the rest of the same file', async () => {
    const scene = await installScene();
    const { status, ranges } = await installWith(scene, once({ kind: 'cut', afterBytes: 50_000 }));
    expect(status.state).toBe('installed');
    expect(ranges).toEqual([null, 'bytes=50000-']);
    expect(scene.mirror.requests.find(({ range }) => range !== null)?.ifRange).toMatch(/^"[0-9a-f]{16}"$/);
  });

  it('after a silence, which it tells while it waits', async () => {
    const scene = await installScene();
    scene.mirror.fault = once({ kind: 'stall', afterBytes: 50_000 });
    const installer = scene.installer({ stallMs: 300, patience: { firstMs: 50, maxMs: 50, attempts: 4 } });
    installer.start('pinned');
    const waiting = await until(installer, ({ retryAtMs }) => retryAtMs !== null);
    expect(waiting).toMatchObject({ state: 'downloading', receivedBytes: 50_000, bytesPerSecond: null });
    expect((await rest(installer)).state).toBe('installed');
    expect(scene.mirror.requests.filter(isArchive).map(({ range }) => range)).toEqual([null, 'bytes=50000-']);
  });

  it('after 503, when the server wanted', async () => {
    const scene = await installScene();
    const busy: Fault = { kind: 'status', status: 503, headers: { 'retry-after': '0' } };
    expect((await installWith(scene, once(busy))).status.state).toBe('installed');
  });

  it('when no length is told', async () => {
    const scene = await installScene();
    expect((await installWith(scene, always({ kind: 'no_length' }))).status.state).toBe('installed');
  });
});

describe('starts over', () => {
  it.each<[string, Fault]>([
    ['ignores the range', { kind: 'ignore_range' }],
    ['sends another part than was asked for', { kind: 'wrong_range' }],
    ['tells another size than before', { kind: 'lie_about_size', byBytes: 7 }],
  ])('when the server %s', async (_, fault) => {
    const scene = await installScene();
    const { status } = await installWith(scene, (request) => {
      if (!isArchive(request)) return null;
      if (request.before === 0) return { kind: 'cut', afterBytes: 50_000 };
      return request.before === 1 ? fault : null;
    });
    expect(status).toMatchObject({ state: 'installed', problem: null });
  });

  it('when the file has changed between two requests', async () => {
    const scene = await installScene();
    const { archive, mirror } = scene;
    const other = archiveOf(LINUX_ASSET, await releaseEntries());
    const { status, ranges } = await installWith(scene, (request) => {
      if (!isArchive(request)) return null;
      // What is there at first is another file than the one that is pinned, and longer than the first piece.
      mirror.publish('1.0.0', { [LINUX_ASSET]: request.before === 0 ? padded(other, archive.length) : archive });
      return request.before === 0 ? { kind: 'cut', afterBytes: 50_000 } : null;
    });
    expect(status).toMatchObject({ state: 'installed', problem: null });
    // The rest was asked for, with the tag of the file before: all of the other one came.
    expect(ranges).toEqual([null, 'bytes=50000-']);
  });
});

/** The file of that very length: only its content tells that it is another one. */
function padded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(length)]).subarray(0, length);
}

describe('says', () => {
  it.each<[string, Fault, string]>([
    ['that the release is not there', { kind: 'status', status: 404 }, 'install_not_found'],
    ['that the server is broken', { kind: 'status', status: 500 }, 'install_unreachable'],
    ['that it was sent a page to sign in', { kind: 'web_page' }, 'install_unreachable'],
    ['that the size can not be', { kind: 'lie_about_size', byBytes: -7 }, 'install_unreachable'],
    ['that a bit was flipped', { kind: 'flip', atByte: 4_321 }, 'install_checksum'],
    ['that nothing comes', { kind: 'cut', afterBytes: 0 }, 'install_unreachable'],
    [
      'that it is sent in circles',
      { kind: 'redirect', to: `/releases/download/v1.0.0/${LINUX_ASSET}` },
      'install_unreachable',
    ],
    ['that it is sent to something odd', { kind: 'redirect', to: 'file:///etc/passwd' }, 'install_unreachable'],
    ['that the proxy wants a password', { kind: 'status', status: 407 }, 'install_unreachable'],
  ])('%s', async (_, fault, code) => {
    const scene = await installScene();
    const { status, installer } = await installWith(scene, always(fault));
    expect(status).toMatchObject({ state: 'failed', installedVersion: null, problem: { code } });
    expect(status.problem?.message).not.toMatch(/undefined|\{\{/);
    expect(installer.program()).toBeNull();
    expect(readdirSync(scene.inside('versions'))).toEqual([]);
    expect(scene.installed).toEqual([]);
  });

  it('that nobody answers, and goes on when somebody does', async () => {
    const scene = await installScene();
    let url = 'http://127.0.0.1:9/releases';
    const installer = scene.installer({ baseUrl: () => url });
    installer.start('pinned');
    const { problem } = await rest(installer);
    expect(problem).toMatchObject({ code: 'install_unreachable', params: { host: '127.0.0.1:9' } });
    url = scene.mirror.url;
    installer.start('pinned');
    expect((await rest(installer)).state).toBe('installed');
  });

  it('that an address in the settings is none', async () => {
    const scene = await installScene();
    const installer = scene.installer({ baseUrl: () => 'ftp://example.org' });
    installer.start('pinned');
    expect((await rest(installer)).problem).toMatchObject({ code: 'install_unreachable' });
  });

  it('that the newest is not told, or is not listed', async () => {
    const scene = await installScene();
    const found = async (fault: (request: MirrorRequest) => Fault | null) => {
      scene.mirror.fault = fault;
      const installer = scene.installer();
      installer.start('newest');
      return (await rest(installer)).problem?.code;
    };
    const atLatest = (fault: Fault) => (request: MirrorRequest) => (request.path.endsWith('latest') ? fault : null);
    expect(await found(atLatest({ kind: 'status', status: 200 }))).toBe('install_unreachable');
    expect(await found(atLatest({ kind: 'status', status: 404 }))).toBe('install_not_found');
    expect(await found(atLatest({ kind: 'redirect', to: '/releases/tag/v..%2f..' }))).toBe('install_not_found');
    scene.mirror.publish('9.9.9', { 'ollama-freebsd.tgz': Buffer.from('x') });
    expect(await found(() => null)).toBe('install_not_found');
  });
});

it('follows a redirect to another host, as the makers send to their store', async () => {
  const scene = await installScene();
  const store = await installScene({ archive: scene.archive });
  const { status } = await installWith(
    scene,
    always({ kind: 'redirect', to: `${store.mirror.url}/download/v1.0.0/${LINUX_ASSET}` }),
  );
  expect(status.state).toBe('installed');
  expect(store.mirror.requests).toHaveLength(1);
});

describe('an archive that is up to something', () => {
  const program: Entry = { name: 'bin/ollama', content: '#!/bin/sh\nexit 1\n', mode: 0o755 };
  const zeros = Buffer.alloc(70 * 1024 * 1024);
  it.each<[string, Buffer]>([
    ['a path upwards', tarZstOf([program, { name: '../outside', content: 'x' }])],
    ['a path upwards in the middle', tarZstOf([program, { name: 'lib/../../outside', content: 'x' }])],
    ['an absolute path', tarZstOf([program, { name: '/tmp/hearth-outside', content: 'x' }])],
    ['a link upwards', tarZstOf([program, { name: 'lib/a', kind: 'SymbolicLink', target: '../../outside' }])],
    ['an absolute link', tarZstOf([program, { name: 'lib/a', kind: 'SymbolicLink', target: '/etc/passwd' }])],
    [
      'a file through a link',
      tarZstOf([program, { name: 'lib', kind: 'SymbolicLink', target: 'bin' }, { name: 'lib/x', content: 'x' }]),
    ],
    [
      'a link through a link',
      tarZstOf([
        program,
        { name: 'a/b/c/', mode: 0o755 },
        { name: 'deep', kind: 'SymbolicLink', target: 'a' },
        { name: 'deep/x', kind: 'SymbolicLink', target: 'b' },
      ]),
    ],
    ['a hard link outwards', tarZstOf([program, { name: 'lib/a', kind: 'Link', target: '../../../../etc/passwd' }])],
    ['a device', tarZstOf([program, { name: 'lib/zero', kind: 'CharacterDevice' }])],
    ['a pipe', tarZstOf([program, { name: 'lib/pipe', kind: 'FIFO' }])],
    ['far more than it should hold', tarZstOf([program, { name: 'lib/zeros', content: zeros }])],
    ['no Ollama', tarZstOf([{ name: 'README', content: 'x' }])],
    ['an end in the middle', tarZstOf([{ ...program, toldBytes: 5_000_000 }])],
    ['no archive', Buffer.from('this is no archive at all, only some words in a file')],
    ['another kind of archive', tgzOf([program])],
  ])('with %s leaves nothing outside its folder, and goes', async (_, archive) => {
    const scene = await installScene({ archive });
    const before = statSync('/etc/passwd').nlink;
    const { status } = await installWith(scene, () => null);
    expect(status).toMatchObject({ state: 'failed', receivedBytes: 0, problem: { code: 'install_bad_archive' } });
    expect(readdirSync(scene.folder)).toEqual(['engines']);
    expect(readdirSync(scene.inside()).toSorted()).toEqual(['downloads', 'versions']);
    expect(readdirSync(scene.inside('versions'))).toEqual([]);
    expect(readdirSync(scene.inside('downloads'))).toEqual([]);
    expect(statSync('/etc/passwd').nlink).toBe(before);
  });

  it.each<[string, Entry]>([
    ['a path upwards', { name: '../outside', content: 'x' }],
    ['a path upwards in the words of Windows', { name: String.raw`lib\..\..\outside`, content: 'x' }],
    ['a drive', { name: 'C:/outside', content: 'x' }],
    ['a link', { name: 'lib/a', kind: 'SymbolicLink', content: '/etc/passwd' }],
    ['a size that is not true', { name: 'lib/a', content: 'x'.repeat(100), toldBytes: 10 }],
  ])('as a zip with %s goes too', async (_, entry) => {
    const asset = 'ollama-windows-amd64.zip';
    const archive = zipOf([{ name: 'ollama.exe', content: 'x', mode: 0o755 }, entry]);
    const scene = await installScene({ asset, archive });
    const installer = scene.installer({ platform: 'win32' });
    installer.start('pinned');
    expect(await rest(installer)).toMatchObject({ state: 'failed', problem: { code: 'install_bad_archive' } });
    expect(readdirSync(scene.folder)).toEqual(['engines']);
    expect(readdirSync(scene.inside('versions'))).toEqual([]);
  });
});
