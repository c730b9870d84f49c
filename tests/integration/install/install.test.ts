// From nothing to an Ollama that has answered, for every kind of archive; another version; the way back.
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InstallState } from '../../../src/contract/engine.ts';
import { archiveOf } from '../../support/release-mirror/archives.ts';
import { installScene, LINUX_ASSET, releaseEntries, rest, until } from '../../support/release-mirror/scene.ts';

describe('an installation', () => {
  it('tells its size before anything is asked of the network, and changes nothing by being looked at', async () => {
    const scene = await installScene();
    const status = scene.installer().status();
    expect(status).toMatchObject({ state: 'none', installedVersion: null, version: null, receivedBytes: 0 });
    expect(status.offer).toEqual({
      version: '1.0.0',
      sizeBytes: scene.archive.length,
      diskBytes: scene.archive.length + 400_000,
      host: `127.0.0.1:${scene.mirror.port}`,
    });
    expect(scene.mirror.requests).toEqual([]);
    expect(readdirSync(scene.folder)).toEqual([]);
  });

  it('goes through its states, ends with a program that answers, and leaves nothing else behind', async () => {
    const scene = await installScene();
    const installer = scene.installer();
    const states: InstallState[] = [];
    installer.onChange(({ state }) => {
      if (states.at(-1) !== state) states.push(state);
    });
    expect(installer.start('pinned').state).toBe('looking');
    const status = await rest(installer);
    expect(status).toMatchObject({ state: 'installed', installedVersion: '1.0.0', version: null, problem: null });
    expect(states).toEqual(['looking', 'downloading', 'verifying', 'unpacking', 'testing', 'installed']);
    expect(scene.installed).toEqual(['1.0.0']);

    const program = installer.program() ?? '';
    expect(program).toBe(scene.inside('versions', '1.0.0', 'bin', 'ollama'));
    expect(statSync(program).mode & 0o111).toBe(0o111);
    const library = scene.inside('versions', '1.0.0', 'lib', 'ollama');
    expect(readlinkSync(path.join(library, 'libggml.so'))).toBe('libggml.so.0');
    expect(statSync(path.join(library, 'libggml.so')).size).toBe(200_000);
    expect(statSync(path.join(library, 'libggml.so')).mode & 0o111).toBe(0);
    expect(status.installedBytes).toBe(200_000 + statSync(program).size);
    expect(readdirSync(scene.inside()).toSorted()).toEqual(['current.json', 'downloads', 'versions']);
    expect(readdirSync(scene.inside('downloads'))).toEqual([]);
    expect(readdirSync(scene.inside('versions'))).toEqual(['1.0.0']);
    // A Hearth that starts later finds it.
    expect(scene.installer().status()).toMatchObject({ state: 'installed', installedVersion: '1.0.0' });
    expect(scene.installer().program()).toBe(program);
  });

  it.each([
    { platform: 'linux', arch: 'arm64', asset: 'ollama-linux-arm64.tar.zst', program: 'bin/ollama' },
    { platform: 'darwin', arch: 'arm64', asset: 'ollama-darwin.tgz', program: 'ollama' },
    { platform: 'win32', arch: 'x64', asset: 'ollama-windows-amd64.zip', program: 'ollama.exe' },
  ] as const)('unpacks $asset', async ({ platform, arch, asset, program }) => {
    const archive = archiveOf(asset, (await releaseEntries({}, { program })).slice(2));
    const scene = await installScene({ asset, archive });
    const installer = scene.installer({ platform, arch });
    installer.start('pinned');
    expect(await rest(installer)).toMatchObject({ state: 'installed', problem: null });
    expect(installer.program()).toBe(scene.inside('versions', '1.0.0', program));
  });

  it('unpacks Zstandard where Node can not', async () => {
    const scene = await installScene();
    const installer = scene.installer({ isNativeZstdAllowed: false });
    installer.start('pinned');
    expect(await rest(installer)).toMatchObject({ state: 'installed', problem: null });
  });

  it('takes the newest with the checksum of its own list, by the way that `latest` leads', async () => {
    const scene = await installScene();
    const archive = archiveOf(LINUX_ASSET, await releaseEntries({ version: '1.2.3' }));
    scene.mirror.publish('1.2.3', { [LINUX_ASSET]: archive });
    const installer = scene.installer();
    installer.start('newest');
    expect(await rest(installer)).toMatchObject({ state: 'installed', installedVersion: '1.2.3' });
    expect(scene.mirror.requests.map((request) => request.path)).toEqual([
      '/releases/latest',
      '/releases/download/v1.2.3/sha256sum.txt',
      `/releases/download/v1.2.3/${LINUX_ASSET}`,
    ]);
  });

  it('does not believe a mirror about the pinned version', async () => {
    const scene = await installScene();
    const other = Buffer.from(scene.archive);
    other[1000] = (other[1000] ?? 0) ^ 1;
    // Its own list agrees with what it serves.
    scene.mirror.publish('1.0.0', { [LINUX_ASSET]: other });
    const installer = scene.installer();
    installer.start('pinned');
    expect(await rest(installer)).toMatchObject({ state: 'failed', problem: { code: 'install_checksum' } });
    expect(scene.mirror.requests.some((request) => request.path.endsWith('sha256sum.txt'))).toBe(false);
    expect(readdirSync(scene.inside('downloads'))).toEqual([]);
  });

  it('does nothing but say so when the version is there already', async () => {
    const scene = await installScene();
    const installer = scene.installer();
    installer.start('pinned');
    await rest(installer);
    const before = scene.mirror.requests.length;
    installer.start('pinned');
    expect((await rest(installer)).state).toBe('installed');
    expect(scene.installed).toEqual(['1.0.0', '1.0.0']);
    expect(scene.mirror.requests).toHaveLength(before);
  });

  it('installs anew what somebody has taken the program out of', async () => {
    const scene = await installScene();
    const installer = scene.installer();
    installer.start('pinned');
    await rest(installer);
    await rm(installer.program() ?? '');
    expect(installer.program()).toBeNull();
    expect(installer.status()).toMatchObject({ state: 'none', installedVersion: null });
    installer.start('pinned');
    expect((await rest(installer)).state).toBe('installed');
    expect(existsSync(installer.program() ?? '')).toBe(true);
  });

  it('is refused at once where there is no release', async () => {
    const scene = await installScene();
    const installer = scene.installer({ platform: 'freebsd', arch: 'x64' });
    expect(installer.status()).toMatchObject({ state: 'none', offer: null });
    expect(() => installer.start('pinned')).toThrow(expect.objectContaining({ code: 'install_unsupported' }));
  });
});

describe('an update', () => {
  async function withVersion1(behaviour = {}) {
    const scene = await installScene();
    const installer = scene.installer();
    installer.start('pinned');
    await rest(installer);
    const archive = archiveOf(LINUX_ASSET, await releaseEntries({ version: '2.0.0', ...behaviour }));
    scene.mirror.publish('2.0.0', { [LINUX_ASSET]: archive });
    return { scene, installer };
  }

  it('keeps the old version until the new one has answered, then removes it', async () => {
    const { scene, installer } = await withVersion1();
    const old = installer.program();
    installer.start('newest');
    const testing = await until(installer, ({ state }) => state === 'testing');
    expect(testing.installedVersion).toBe('1.0.0');
    expect(installer.program()).toBe(old);
    expect(await rest(installer)).toMatchObject({ state: 'installed', installedVersion: '2.0.0' });
    expect(readdirSync(scene.inside('versions'))).toEqual(['2.0.0']);
    expect(scene.installed).toEqual(['1.0.0', '2.0.0']);
  });

  it.each([
    ['ends at once', { exit: { status: 127, output: 'libcudart.so: cannot open shared object file\n' } }],
    ['says nothing', { fault: 'mute' }],
    ['accepts and keeps silent', { fault: 'deaf' }],
  ] as const)('stays with the old version when the new one %s', async (_, behaviour) => {
    const { scene } = await withVersion1(behaviour);
    const installer = scene.installer({ startLimitMs: 'exit' in behaviour ? 20_000 : 1_500 });
    installer.start('newest');
    const status = await rest(installer);
    expect(status).toMatchObject({
      state: 'failed',
      installedVersion: '1.0.0',
      problem: { code: 'install_not_answering', params: { version: '2.0.0' } },
    });
    expect(installer.program()).toBe(scene.inside('versions', '1.0.0', 'bin', 'ollama'));
    expect(readdirSync(scene.inside('versions'))).toEqual(['1.0.0']);
    expect(existsSync(scene.inside('trial'))).toBe(false);
    expect(JSON.parse(readFileSync(scene.inside('current.json'), 'utf8'))).toMatchObject({ version: '1.0.0' });
    expect(scene.installed).toEqual(['1.0.0']);
    // The archive stays: what kept it from starting may be mended.
    expect(status.receivedBytes).toBeGreaterThan(0);
    expect(await installer.discard()).toMatchObject({ state: 'installed', receivedBytes: 0, problem: null });
  });

  it('leaves a version that still runs where it is, and removes it later', async () => {
    const { scene, installer } = await withVersion1();
    scene.running.program = installer.program();
    installer.start('newest');
    await rest(installer);
    expect(readdirSync(scene.inside('versions')).toSorted()).toEqual(['1.0.0', '2.0.0']);
    scene.running.program = null;
    await scene.installer().tidy();
    expect(readdirSync(scene.inside('versions'))).toEqual(['2.0.0']);
  });

  it('tries the new one out away from everything of the user', async () => {
    const { scene } = await withVersion1();
    const models = path.join(scene.folder, 'models-of-the-user');
    await mkdir(models);
    await writeFile(path.join(models, 'mine'), 'mine');
    const folder = path.join(scene.folder, 'stand-in');
    const archive = archiveOf(LINUX_ASSET, [
      { name: 'bin/ollama', mode: 0o755, content: `#!/bin/sh\nenv > ${folder}\nexit 3\n` },
    ]);
    scene.mirror.publish('3.0.0', { [LINUX_ASSET]: archive });
    const installer = scene.installer({ env: { ...process.env, OLLAMA_MODELS: models, OLLAMA_HOST: '0.0.0.0:11434' } });
    installer.start('newest');
    expect((await rest(installer)).problem?.code).toBe('install_not_answering');
    const env = readFileSync(folder, 'utf8');
    expect(env).toContain(`OLLAMA_MODELS=${scene.inside('trial')}\n`);
    expect(env).toContain(`HOME=${scene.inside('trial')}\n`);
    expect(env).toContain('OLLAMA_HOST=127.0.0.1:0\n');
    expect(readdirSync(models)).toEqual(['mine']);
  });
});

describe('removing', () => {
  it('deletes everything, stops it first, and waits for an answer that is under way', async () => {
    const scene = await installScene();
    const installer = scene.installer();
    installer.start('pinned');
    await rest(installer);
    scene.running = { program: installer.program(), isAnswering: true, stops: 0 };
    await expect(installer.remove()).rejects.toMatchObject({ code: 'install_in_use' });
    expect(installer.program()).not.toBeNull();
    scene.running.isAnswering = false;
    expect(await installer.remove()).toMatchObject({ state: 'none', installedVersion: null, installedBytes: null });
    expect(scene.running.stops).toBe(1);
    expect(scene.removed).toBe(1);
    expect(installer.program()).toBeNull();
    expect(existsSync(scene.inside())).toBe(false);
  });

  it('does not ask an Ollama of the user to stop', async () => {
    const scene = await installScene();
    const installer = scene.installer();
    installer.start('pinned');
    await rest(installer);
    scene.running = { program: '/usr/bin/ollama', isAnswering: true, stops: 0 };
    expect((await installer.remove()).state).toBe('none');
    expect(scene.running.stops).toBe(0);
  });

  it('ends an installation that is under way', async () => {
    const scene = await installScene();
    const hold = scene.mirror.holdAfter(1_000);
    const installer = scene.installer();
    installer.start('pinned');
    await hold.held;
    expect((await installer.remove()).state).toBe('none');
    expect(existsSync(scene.inside())).toBe(false);
  });
});
