// Moving the folder of models: through the library, on full disks, and killed in the middle.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { finishMove, moveFolder } from '../../../src/main/models/library/move-folder.ts';
import { canMount, smallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/storage.ts';
import { libraryScene, never, type Scene, workOf } from './scene.ts';

/** Files by name, with their sizes and hashes; the note of a move left out. */
function contents(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !/hearth-move/.test(name));
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile()).toSorted();
  return Object.fromEntries(files.map((name) => [name, hexOf(readFileSync(path.join(folder, name)))]));
}

const hexOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Some models, as Ollama keeps them. */
function fill(folder: string, blobs = 12, bytes = 20_000): Record<string, string> {
  const write = (name: string, data: Buffer) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), data);
  };
  for (let index = 0; index < blobs; index += 1) {
    const data = Buffer.alloc(bytes, index);
    write(`blobs/sha256-${hexOf(data)}`, data);
    write(`manifests/registry.ollama.ai/library/model-${index}/latest`, Buffer.from(`{"layer":"${hexOf(data)}"}`));
  }
  return contents(folder);
}

async function ended({ library }: Scene) {
  await vi.waitFor(() => {
    const work = workOf(library.status());
    expect(work === null || work.problem !== null).toBe(true);
  });
  return workOf(library.status());
}

describe('through the library', () => {
  test('the folder of the settings becomes another, and the disk shown is that of the new one', async () => {
    const scene = await libraryScene({ isAway: true });
    const before = fill(scene.folder);
    const to = path.join(path.dirname(scene.folder), 'elsewhere');
    await scene.library.moveFolder(to);
    expect(workOf(scene.library.status())).toMatchObject({ kind: 'move', subject: to, problem: null });
    await expect(scene.library.moveFolder(`${to}2`)).rejects.toMatchObject({ code: 'model_in_use' });
    expect(await ended(scene)).toBeNull();
    expect(scene.settings.get().engine.modelsFolder).toBe(to);
    expect(scene.library.status().disk).toMatchObject({ folder: to, modelsBytes: 12 * 20_000 });
    expect(contents(to)).toEqual(before);
    expect(existsSync(scene.folder)).toBe(false);
  });

  test('a folder that can’t be used is told until it is dismissed', async () => {
    const scene = await libraryScene({ isAway: true });
    const before = fill(scene.folder);
    const { id } = await scene.library.moveFolder(path.join(scene.folder, 'blobs'));
    expect((await ended(scene))?.problem?.code).toBe('folder_unusable');
    await scene.library.cancelWork(id);
    expect(scene.library.status().work).toEqual([]);
    expect(contents(scene.folder)).toEqual(before);
    expect(scene.settings.get().engine.modelsFolder).toBeNull();
  });

  test('the folder of an Ollama that Hearth did not start is not moved', async () => {
    const { library, folder } = await libraryScene();
    await expect(library.moveFolder(`${folder}2`)).rejects.toMatchObject({ code: 'engine_not_ours' });
  });

  test('nor one that a download or a deletion may need', async () => {
    const downloading = await libraryScene({
      isAway: true,
      downloads: () => [{ model: 'llama3.2', state: 'running' }],
    });
    await expect(downloading.library.moveFolder('/x')).rejects.toMatchObject({ code: 'model_in_use' });
    const removing = await libraryScene();
    removing.ollama.add('tiny');
    await removing.library.refresh();
    await removing.library.remove({ name: 'tiny', engine: 'ollama' });
    await expect(removing.library.moveFolder('/x')).rejects.toMatchObject({ code: 'model_in_use' });
  });

  test('a move that was interrupted is finished at the next start', async () => {
    const scene = await libraryScene({ isAway: true });
    const before = fill(scene.folder);
    const to = path.join(path.dirname(scene.folder), 'elsewhere');
    fill(to);
    writeFileSync(path.join(to, '.hearth-moved.json'), JSON.stringify({ from: scene.folder }));
    await scene.settings.set({ engine: { modelsFolder: to } });
    scene.library.start();
    await vi.waitFor(() => expect(existsSync(scene.folder)).toBe(false));
    expect(contents(to)).toEqual(before);
  });
});

describe.skipIf(!canMount)('onto a disk', () => {
  test('without enough space nothing is begun', async () => {
    const disk = smallDisk(100);
    const scene = await libraryScene({ isAway: true });
    const before = fill(scene.folder);
    const to = path.join(disk.folder, 'models');
    await scene.library.moveFolder(to);
    expect((await ended(scene))?.problem).toMatchObject({ code: 'work_no_space', params: { needed: '241 kB' } });
    expect(contents(scene.folder)).toEqual(before);
    expect(existsSync(to)).toBe(false);
  });

  test('that gets full on the way everything is taken back', async () => {
    const disk = smallDisk(400);
    const from = path.join(temporaryFolder(), 'models');
    const before = fill(from, 3, 100_000);
    const to = path.join(disk.folder, 'models');
    let opened = 0;
    const open: typeof files.open = (...given) => {
      opened += 1;
      // Somebody else takes the space that was there when it was looked for.
      if (opened === 4) writeFileSync(path.join(disk.folder, 'other'), Buffer.alloc(150_000));
      return files.open(...given);
    };
    const folders: string[] = [];
    const move = {
      from,
      to,
      files: { ...files, open },
      pauseEngine: () => Promise.resolve(() => Promise.resolve()),
      useFolder: (folder: string) => Promise.resolve(void folders.push(folder)),
      useFolderBefore: () => Promise.resolve(),
    };
    const progress = { signal: never(), step: () => undefined, done: () => undefined };
    await expect(moveFolder(move, progress)).rejects.toMatchObject({ code: 'work_no_space' });
    expect(contents(from)).toEqual(before);
    expect(existsSync(to)).toBe(false);
    expect(folders).toEqual([]);
  });

  test('that can’t be written to nothing changes', async () => {
    const disk = smallDisk(600);
    disk.makeReadOnly();
    const scene = await libraryScene({ isAway: true });
    const before = fill(scene.folder);
    await scene.library.moveFolder(path.join(disk.folder, 'models'));
    expect((await ended(scene))?.problem?.code).toBe('folder_unusable');
    expect(contents(scene.folder)).toEqual(before);
  });

  test('with room enough it arrives whole', async () => {
    const disk = smallDisk(600);
    const scene = await libraryScene({ isAway: true });
    const before = fill(scene.folder);
    await scene.library.moveFolder(path.join(disk.folder, 'models'));
    expect(await ended(scene)).toBeNull();
    expect(contents(path.join(disk.folder, 'models'))).toEqual(before);
  });
});

describe('killed in the middle', () => {
  const program = fileURLToPath(new URL('move-process.ts', import.meta.url));

  /** @returns whether it was killed before it was through */
  async function killedAfter(args: string[], ms: number): Promise<boolean> {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await vi.waitFor(() => expect(said).toContain('begun'), { timeout: 10_000, interval: 5 });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    await exit;
    clearTimeout(timer);
    return !said.includes('done');
  }

  test.each(['link', 'copy'])(
    'one of the two folders is whole at any time, and a next attempt arrives (%s)',
    async (mode) => {
      const home = temporaryFolder();
      const settingsFile = path.join(home, 'settings');
      let kills = 0;
      for (const ms of [0, 50, 150, 300, 450]) {
        const from = path.join(home, 'old');
        const to = path.join(home, 'new');
        const before = fill(from);
        if (await killedAfter([from, to, settingsFile, mode], ms)) kills += 1;
        const isSwitched = existsSync(settingsFile);
        expect(contents(isSwitched ? to : from)).toEqual(before);
        // What the next start does, or the person who tries again.
        if (isSwitched) await finishMove(to);
        else expect(await killedAfter([from, to, settingsFile, mode], 20_000)).toBe(false);
        expect(contents(to)).toEqual(before);
        expect(existsSync(from)).toBe(false);
        for (const place of [to, settingsFile]) rmSync(place, { recursive: true, force: true });
      }
      expect(kills).toBeGreaterThan(0);
    },
    60_000,
  );
});
