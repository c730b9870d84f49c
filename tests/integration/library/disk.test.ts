// The disk that the models are on: what they take, what broken downloads left, and clearing that and nothing else.
import { existsSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { libraryScene } from './scene.ts';

describe('the disk', () => {
  const hex = 'a'.repeat(64);
  const old = new Date(Date.now() - 3_600_000);

  function leave(folder: string, name: string, bytes: number, time = old): string {
    const file = path.join(folder, 'blobs', name);
    writeFileSync(file, Buffer.alloc(bytes, 1));
    utimesSync(file, time, time);
    return file;
  }

  test('tells what models take and what broken downloads left; clearing deletes only that', async () => {
    const { library, ollama, folder } = await libraryScene();
    ollama.add('tiny', { weights: Buffer.alloc(10_000) });
    const gone = [
      leave(folder, `sha256-${hex}-partial`, 40_960),
      leave(folder, `sha256-${hex}-partial-0`, 4_096),
      leave(folder, `sha256-${'b'.repeat(64)}-partial`, 4_096),
    ];
    const kept = [
      leave(folder, `sha256-${'c'.repeat(64)}-partial`, 4_096, new Date()),
      // Its notes are old, its bytes are not.
      leave(folder, `sha256-${'c'.repeat(64)}-partial-0`, 4_096),
      leave(folder, `sha256-${hex}-partial-x`, 4_096),
      leave(folder, `xsha256-${hex}-partial`, 4_096),
      leave(folder, `sha256-${'a'.repeat(63)}-partial`, 4_096),
    ];
    const target = path.join(path.dirname(folder), 'precious');
    writeFileSync(target, 'precious');
    symlinkSync(target, path.join(folder, 'blobs', `sha256-${'d'.repeat(64)}-partial`));
    const { disk } = await library.refresh();
    expect(disk).toMatchObject({ folder, modelsBytes: 10_000, leftoverCount: 2 });
    expect(disk?.leftoverBytes).toBe(40_960 + 4_096 + 4_096);
    expect(disk?.freeBytes).toBeGreaterThan(0);
    expect(await library.clearLeftovers()).toEqual({ freedBytes: disk?.leftoverBytes });
    expect(gone.filter((file) => existsSync(file))).toEqual([]);
    expect(kept.filter((file) => !existsSync(file))).toEqual([]);
    expect(existsSync(target)).toBe(true);
    expect(library.status().disk).toMatchObject({ leftoverCount: 0, leftoverBytes: 0, modelsBytes: 10_000 });
  });

  test('counts of a sparse leftover only what takes space', async () => {
    const { library, folder } = await libraryScene();
    const file = leave(folder, `sha256-${hex}-partial`, 4_096);
    truncateSync(file, 10_000_000_000);
    utimesSync(file, old, old);
    expect((await library.refresh()).disk?.leftoverBytes).toBeLessThan(100_000);
  });

  test('has no leftovers while a download may go on with them', async () => {
    const { library, folder } = await libraryScene({ downloads: () => [{ model: 'llama3.2', state: 'paused' }] });
    const file = leave(folder, `sha256-${hex}-partial`, 4_096);
    expect((await library.refresh()).disk).toMatchObject({ leftoverCount: 0, leftoverBytes: 0 });
    expect(await library.clearLeftovers()).toEqual({ freedBytes: 0 });
    expect(existsSync(file)).toBe(true);
  });

  test('stops clearing when a download begins that may go on with them', async () => {
    let looks = 0;
    const { library, folder } = await libraryScene({
      downloads: () => ((looks += 1) === 1 ? [] : [{ model: 'llama3.2', state: 'waiting' }]),
    });
    const file = leave(folder, `sha256-${hex}-partial`, 4_096);
    expect(await library.clearLeftovers()).toEqual({ freedBytes: 0 });
    expect(existsSync(file)).toBe(true);
  });

  test('nor while nobody knows whether one may', async () => {
    const { library, folder } = await libraryScene({ downloads: () => null });
    const file = leave(folder, `sha256-${hex}-partial`, 4_096);
    expect((await library.refresh()).disk).toMatchObject({ leftoverCount: 0, leftoverBytes: 0 });
    expect(await library.clearLeftovers()).toEqual({ freedBytes: 0 });
    expect(existsSync(file)).toBe(true);
  });

  test('of a server that keeps its models elsewhere is found by what the server tells', async () => {
    const { library, ollama, folder } = await libraryScene({ env: { OLLAMA_MODELS: '/nowhere' } });
    ollama.add('tiny');
    expect((await library.refresh()).disk?.folder).toBe(folder);
  });
});
