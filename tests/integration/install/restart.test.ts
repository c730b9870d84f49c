// Pausing, quitting and going on at every stage, and what a Hearth that was killed leaves behind.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { appendFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { InstallState } from '../../../src/contract/engine.ts';
import { archiveOf } from '../../support/release-mirror/archives.ts';
import { isAlive } from '../../support/processes.ts';
import { installScene, LINKS, LINUX_ASSET, releaseEntries, rest, until } from '../../support/release-mirror/scene.ts';

const STAGES: readonly InstallState[] = ['looking', 'downloading', 'verifying', 'unpacking', 'testing'];

describe.each(STAGES)('paused while %s', (stage) => {
  it('rests at once, says so after a restart, and goes on to the end', async () => {
    // Large enough for each stage to be seen.
    const entries = await releaseEntries(
      { startDelayMs: stage === 'testing' ? 60_000 : 0 },
      { libraryBytes: 3_000_000 },
    );
    const scene = await installScene({
      archive: archiveOf(LINUX_ASSET, [...entries, ...LINKS]),
      unpackedBytes: 4_000_000,
    });
    const hold = stage === 'downloading' ? scene.mirror.holdAfter(100_000) : null;
    const first = scene.installer();
    first.start('pinned');
    await until(first, ({ state }) => state === stage);
    if (stage === 'downloading') await until(first, ({ receivedBytes }) => receivedBytes > 0);
    const paused = await first.pause();
    hold?.release();
    expect(paused.problem).toBeNull();
    expect(paused.installedVersion).toBeNull();
    expect(existsSync(scene.inside('trial'))).toBe(false);
    if (existsSync(scene.inside('versions'))) expect(readdirSync(scene.inside('versions'))).toEqual([]);

    const second = scene.installer();
    const found = second.status();
    expect(found.state).toBe(stage === 'looking' ? paused.state : 'paused');
    expect(found.receivedBytes).toBe(paused.receivedBytes);
    if (stage === 'testing') return;
    second.start('pinned');
    expect(await rest(second)).toMatchObject({ state: 'installed', problem: null });
    expect(readdirSync(scene.inside('versions'))).toEqual(['1.0.0']);
  });
});

describe('what has arrived', () => {
  it('is not fetched again', async () => {
    const scene = await installScene();
    const hold = scene.mirror.holdAfter(100_000);
    const first = scene.installer();
    first.start('pinned');
    await until(first, ({ receivedBytes }) => receivedBytes === 100_000);
    await first.stop();
    hold.release();
    const second = scene.installer();
    expect(second.status()).toMatchObject({
      state: 'paused',
      version: '1.0.0',
      receivedBytes: 100_000,
      totalBytes: scene.archive.length,
    });
    second.start('pinned');
    expect((await rest(second)).state).toBe('installed');
    expect(scene.mirror.requests.map(({ range }) => range)).toEqual([null, 'bytes=100000-']);
  });

  it('is gone on with whatever release is asked for, until it is discarded', async () => {
    const scene = await installScene();
    const archive = archiveOf(LINUX_ASSET, await releaseEntries({ version: '2.0.0' }));
    scene.mirror.publish('2.0.0', { [LINUX_ASSET]: archive });
    const hold = scene.mirror.holdAfter(50_000);
    const first = scene.installer();
    first.start('newest');
    await until(first, ({ receivedBytes }) => receivedBytes === 50_000);
    await first.pause();
    hold.release();
    const second = scene.installer();
    second.start('pinned');
    expect(await rest(second)).toMatchObject({ state: 'installed', installedVersion: '2.0.0' });
  });

  it('goes when it is discarded, also while it arrives', async () => {
    const scene = await installScene();
    const hold = scene.mirror.holdAfter(50_000);
    const installer = scene.installer();
    installer.start('pinned');
    await until(installer, ({ receivedBytes }) => receivedBytes === 50_000);
    expect(await installer.discard()).toMatchObject({ state: 'none', receivedBytes: 0, version: null });
    hold.release();
    expect(existsSync(scene.inside('downloads'))).toBe(false);
    expect(scene.installer().status().state).toBe('none');
    installer.start('pinned');
    expect((await rest(installer)).state).toBe('installed');
    expect(scene.mirror.requests.map(({ range }) => range)).toEqual([null, null]);
  });

  it('counts for nothing when its notes are damaged, and more than all of it is started over', async () => {
    const scene = await installScene();
    const hold = scene.mirror.holdAfter(50_000);
    const first = scene.installer();
    first.start('pinned');
    await until(first, ({ receivedBytes }) => receivedBytes === 50_000);
    await first.stop();
    hold.release();
    const part = scene.inside('downloads', `${LINUX_ASSET}.part`);
    await appendFile(part, Buffer.alloc(scene.archive.length));
    const second = scene.installer();
    second.start('pinned');
    expect((await rest(second)).state).toBe('installed');

    await second.remove();
    await mkdir(scene.inside('downloads'), { recursive: true });
    await writeFile(part, 'leftover');
    await writeFile(scene.inside('downloads', `${LINUX_ASSET}.json`), '{"version":"../../..","url":1}');
    const third = scene.installer();
    expect(third.status()).toMatchObject({ state: 'none', receivedBytes: 0 });
    third.start('pinned');
    expect((await rest(third)).state).toBe('installed');
  });

  it('that lost its end in a crash is found out by its checksum', async () => {
    const scene = await installScene();
    scene.mirror.fault = (request) => (request.before === 0 ? { kind: 'cut', afterBytes: 80_000 } : null);
    const first = scene.installer({ patience: { firstMs: 600_000, maxMs: 600_000, attempts: 2 } });
    first.start('pinned');
    await until(first, ({ retryAtMs }) => retryAtMs !== null);
    await first.stop();
    const part = scene.inside('downloads', `${LINUX_ASSET}.part`);
    // A power cut can leave a file of the right length with zeros at its end.
    await truncate(part, 40_000);
    await truncate(part, 80_000);
    const second = scene.installer();
    second.start('pinned');
    expect(await rest(second)).toMatchObject({
      state: 'failed',
      receivedBytes: 0,
      problem: { code: 'install_checksum' },
    });
    second.start('pinned');
    expect((await rest(second)).state).toBe('installed');
  });
});

describe('after a kill', () => {
  it('leftovers of an unpacking and of a version that was never tried out go with the next start', async () => {
    const scene = await installScene();
    for (const leftover of ['versions/.unpacking/bin', 'versions/0.9.0/bin', 'trial/blobs'])
      await mkdir(scene.inside(...leftover.split('/')), { recursive: true });
    const installer = scene.installer();
    expect(installer.status().state).toBe('none');
    expect(readdirSync(scene.inside('versions'))).toHaveLength(2);
    installer.start('pinned');
    await rest(installer);
    expect(readdirSync(scene.inside('versions'))).toEqual(['1.0.0']);
    expect(existsSync(scene.inside('trial'))).toBe(false);
  });

  it('an archive whose version is installed by now is no download that waits', async () => {
    const scene = await installScene();
    const hold = scene.mirror.holdAfter(50_000);
    const first = scene.installer();
    first.start('pinned');
    await until(first, ({ receivedBytes }) => receivedBytes === 50_000);
    const notes = readFileSync(scene.inside('downloads', `${LINUX_ASSET}.json`));
    hold.release();
    await rest(first);
    await writeFile(scene.inside('downloads', `${LINUX_ASSET}.json`), notes);
    await writeFile(scene.inside('downloads', `${LINUX_ASSET}.part`), scene.archive);
    const second = scene.installer();
    expect(second.status()).toMatchObject({ state: 'installed', receivedBytes: 0 });
    second.start('pinned');
    expect((await rest(second)).state).toBe('installed');
    expect(readdirSync(scene.inside('downloads'))).toEqual([]);
  });
});

it('stopping while the new one is tried out ends it', async () => {
  const pidFile = path.join((await installScene()).folder, 'pid');
  const program = { name: 'bin/ollama', mode: 0o755, content: `#!/bin/sh\necho $$ > ${pidFile}\nsleep 60\n` };
  const scene = await installScene({ archive: archiveOf(LINUX_ASSET, [program]) });
  const installer = scene.installer();
  installer.start('pinned');
  const pid = await vi.waitFor(() => {
    if (!existsSync(pidFile) || statSync(pidFile).size === 0) throw new Error('not yet');
    return Number(readFileSync(pidFile, 'utf8'));
  });
  await installer.stop();
  expect(isAlive(pid)).toBe(false);
  expect(() => installer.start('pinned')).toThrow(expect.objectContaining({ code: 'cancelled' }));
});
