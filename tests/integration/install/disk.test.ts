// A disk that is full, too small from the start, or may not be written to.
import { readdirSync } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { installScene, rest, until } from '../../support/release-mirror/scene.ts';
import { canMount, smallDisk } from '../../support/small-disk.ts';

it('too little space is found before anything is asked for', async () => {
  const scene = await installScene({ unpackedBytes: 4e15 });
  const installer = scene.installer();
  installer.start('pinned');
  const { state, problem } = await rest(installer);
  expect(state).toBe('failed');
  expect(problem).toMatchObject({ code: 'install_no_space', params: { path: scene.inside() } });
  expect(problem?.message).toContain(' TB on the disk of ');
  expect(scene.mirror.requests).toEqual([]);
});

it('a place where no folder can be made is told', async () => {
  const scene = await installScene();
  await writeFile(path.join(scene.folder, 'engines'), 'a file where a folder belongs');
  const installer = scene.installer();
  expect(installer.status().state).toBe('none');
  installer.start('pinned');
  expect((await rest(installer)).problem).toMatchObject({ code: 'install_unwritable' });
});

// Only root may mount, and only Linux has a tmpfs.
describe.skipIf(!canMount)('a disk that fills up', () => {
  it('in the middle of the download keeps what has arrived, and goes on when there is room', async () => {
    const disk = smallDisk(900);
    const scene = await installScene({ folder: disk.folder });
    const hold = scene.mirror.holdAfter(50_000);
    const installer = scene.installer();
    installer.start('pinned');
    await until(installer, ({ receivedBytes }) => receivedBytes === 50_000);
    // Somebody else fills the disk.
    const filler = path.join(disk.folder, 'filler');
    const fill = async (): Promise<void> => await appendFile(filler, Buffer.alloc(1_024)).then(fill);
    await expect(fill()).rejects.toMatchObject({ code: 'ENOSPC' });
    hold.release();
    const full = await rest(installer);
    expect(full).toMatchObject({ state: 'failed', problem: { code: 'install_no_space' } });
    expect(full.receivedBytes).toBeGreaterThanOrEqual(50_000);
    await rm(filler);
    installer.start('pinned');
    expect(await rest(installer)).toMatchObject({ state: 'installed', problem: null });
    expect(scene.mirror.requests.at(-1)?.range).toBe(`bytes=${full.receivedBytes}-`);
  });

  it('while unpacking keeps the archive and clears the rest away', async () => {
    const disk = smallDisk(360);
    const scene = await installScene({ folder: disk.folder, unpackedBytes: 1 });
    const installer = scene.installer();
    installer.start('pinned');
    const status = await rest(installer);
    expect(status).toMatchObject({ state: 'failed', problem: { code: 'install_no_space' } });
    expect(status.receivedBytes).toBe(scene.archive.length);
    expect(readdirSync(scene.inside('versions'))).toEqual([]);
  });

  it('that becomes read-only is told, and nothing is lost', async () => {
    const disk = smallDisk(2_000);
    const scene = await installScene({ folder: disk.folder });
    const installer = scene.installer();
    installer.start('pinned');
    await rest(installer);
    disk.makeReadOnly();
    await expect(installer.remove()).rejects.toMatchObject({ code: 'install_unwritable' });
    expect(installer.program()).not.toBeNull();
    expect(scene.removed).toBe(0);
  });
});
