import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Settings } from '../../../src/contract/settings.ts';
import { openSettings } from '../../../src/main/settings/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, 'settings.json');
const onDisk = () => JSON.parse(readFileSync(path(), 'utf8')) as Record<string, unknown>;
const keptAside = () => readdirSync(folder).filter((name) => name.startsWith('settings-corrupt-'));
const defaults = Settings.parse({});

describe('keeping settings', () => {
  test('without a file there are defaults, no notice and no file yet', async () => {
    const store = await openSettings({ folder });
    expect(store.get()).toEqual(defaults);
    expect(store.notices()).toEqual([]);
    expect(existsSync(path())).toBe(false);
  });

  test('what another Hearth has written counts after reading again, and is told', async () => {
    const mine = await openSettings({ folder });
    const theirs = await openSettings({ folder });
    await theirs.set({ theme: 'dark', llamacpp: { threads: 3 } });
    const told: string[] = [];
    mine.onChange(({ theme }) => told.push(theme));
    await mine.reload();
    expect(mine.get()).toMatchObject({ theme: 'dark', llamacpp: { threads: 3 } });
    // The same again is no news, and nothing of theirs is lost with the next change here.
    await mine.reload();
    await mine.set({ ifFails: 'stop' });
    expect(told).toEqual(['dark', 'dark']);
    expect(onDisk()).toEqual({ theme: 'dark', llamacpp: { threads: 3 }, ifFails: 'stop' });
  });

  test('a file that an editor saved in UTF-16 or with a mark at its beginning is read', async () => {
    const little = Buffer.from('\uFEFF{"theme":"dark"}\n', 'utf16le');
    for (const bytes of [Buffer.from('\uFEFF{"theme":"dark"}\n'), little, Buffer.from(little).swap16()]) {
      writeFileSync(path(), bytes);
      const store = await openSettings({ folder });
      expect(store.get().theme).toBe('dark');
      expect(store.notices()).toEqual([]);
      writeFileSync(path(), Buffer.from('\uFEFF{"theme":"light"}', 'utf16le'));
      await store.reload();
      expect(store.get().theme).toBe('light');
    }
    expect(keptAside()).toEqual([]);
  });

  test('what can’t be read again leaves everything as it was', async () => {
    const store = await openSettings({ folder });
    await store.set({ theme: 'dark' });
    writeFileSync(path(), 'not JSON');
    await store.reload();
    expect(store.get().theme).toBe('dark');
  });

  test('a change is there after opening again; the file holds only what was chosen, for this user only', async () => {
    const store = await openSettings({ folder });
    const result = await store.set({ theme: 'dark', llamacpp: { threads: 3 } });
    expect(result.theme).toBe('dark');
    expect(onDisk()).toEqual({ theme: 'dark', llamacpp: { threads: 3 } });
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    const again = await openSettings({ folder });
    expect(again.get()).toEqual({ ...defaults, theme: 'dark', llamacpp: { ...defaults.llamacpp, threads: 3 } });
  });

  test('groups are merged one level deep, undefined changes nothing, null is a value', async () => {
    const store = await openSettings({ folder });
    await store.set({ model: 'llama3.2', window: { bounds: { x: 1, y: 2, width: 3, height: 4 } } });
    await store.set({ window: { isSidebarOpen: false, bounds: undefined }, theme: undefined, ollama: undefined });
    expect(store.get().window).toEqual({ isSidebarOpen: false, bounds: { x: 1, y: 2, width: 3, height: 4 } });
    expect(store.get().theme).toBe('system');
    await store.set({ model: null, window: { bounds: null } });
    expect(store.get()).toMatchObject({ model: null, window: { isSidebarOpen: false, bounds: null } });
  });

  test('a patch that is not valid changes nothing', async () => {
    const store = await openSettings({ folder });
    await expect(store.set({ timeouts: { connectMs: 1 } })).rejects.toMatchObject({
      code: 'bad_request',
      params: { what: expect.stringContaining('timeouts.connectMs') },
    });
    expect(store.get()).toEqual(defaults);
    expect(existsSync(path())).toBe(false);
  });

  test('nobody can change the settings but through set', async () => {
    const store = await openSettings({ folder });
    expect(() => Object.assign(store.get(), { theme: 'dark' })).toThrow(TypeError);
    expect(() => Object.assign(store.get().ollama, { address: 'x' })).toThrow(TypeError);
    expect(() => Object.assign(store.get().backends.switches, { ollama: false })).toThrow(TypeError);
    expect(() => Object.assign(store.get().purposes.facts, { isOn: true })).toThrow(TypeError);
  });

  test('keys of a newer Hearth survive a change, at the top and in a group', async () => {
    writeFileSync(path(), JSON.stringify({ voice: { on: true }, ollama: { startWhenNeeded: false, shards: 4 } }));
    const store = await openSettings({ folder });
    await store.set({ ollama: { address: 'localhost:1' }, theme: 'light' });
    expect(onDisk()).toEqual({
      voice: { on: true },
      ollama: { startWhenNeeded: false, shards: 4, address: 'localhost:1' },
      theme: 'light',
    });
  });

  test('listeners are told in order, a failing one does not keep the others from it, and leaving works', async () => {
    const store = await openSettings({ folder });
    const seen: string[] = [];
    store.onChange(() => {
      throw new Error('a broken listener');
    });
    const leave = store.onChange((settings) => seen.push(settings.theme));
    await Promise.all([store.set({ theme: 'dark' }), store.set({ theme: 'light' })]);
    leave();
    await store.set({ theme: 'system' });
    expect(seen).toEqual(['dark', 'light']);
  });

  test('many changes at once end with the last one on disk, whole, with nothing left beside it', async () => {
    const store = await openSettings({ folder });
    const reads: Promise<unknown>[] = [];
    const sets = Array.from({ length: 50 }, (_, index) => store.set({ llamacpp: { threads: index } }));
    // A reader at any moment finds a whole file.
    for (const set of sets) reads.push(set.then(() => onDisk()));
    await Promise.all(reads);
    expect(onDisk()).toEqual({ llamacpp: { threads: 49 } });
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });
});

describe('files that cannot be used', () => {
  test.each([
    ['cut off in the middle', '{"theme":"dark","ollama":{"addr'],
    ['not an object', '["theme"]'],
    ['empty', ''],
    ['binary', '\u0000\u0001\u0002'],
  ])('%s: kept aside under a name that is told, defaults used', async (_, content) => {
    writeFileSync(path(), content);
    const store = await openSettings({ folder, now: () => new Date(0) });
    expect(store.get()).toEqual(defaults);
    const kept = 'settings-corrupt-1970-01-01T00-00-00-000Z.json';
    expect(store.notices()).toMatchObject([{ info: { code: 'settings_corrupt', params: { kept } } }]);
    expect(store.notices()[0]?.info.message).toContain(kept);
    expect(readFileSync(join(folder, kept), 'utf8')).toBe(content);
    await store.set({ theme: 'dark' });
    expect(onDisk()).toEqual({ theme: 'dark' });
    expect((await openSettings({ folder })).notices()).toEqual([]);
  });

  test('a folder in place of the file is moved aside too', async () => {
    mkdirSync(path());
    const store = await openSettings({ folder });
    expect(store.notices()).toHaveLength(1);
    await store.set({ theme: 'dark' });
    expect(onDisk()).toEqual({ theme: 'dark' });
  });

  test('one bad value goes back to its default, the rest is kept, and it is told once', async () => {
    const content = JSON.stringify({
      theme: 'purple',
      ollama: 5,
      model: 'llama3.2',
      timeouts: { connectMs: 'soon', loadMs: 1000 },
      window: { isSidebarOpen: false, bounds: { x: 1 } },
      future: 1,
    });
    writeFileSync(path(), content);
    const store = await openSettings({ folder });
    expect(store.get()).toEqual({
      ...defaults,
      model: 'llama3.2',
      timeouts: { ...defaults.timeouts, loadMs: 1000 },
      window: { isSidebarOpen: false, bounds: null },
    });
    const [kept] = keptAside();
    expect(store.notices()).toMatchObject([
      {
        info: {
          code: 'settings_values_reset',
          params: { names: 'theme, ollama, timeouts.connectMs, window.bounds', kept },
        },
      },
    ]);
    expect(readFileSync(join(folder, kept ?? ''), 'utf8')).toBe(content);
    expect(onDisk()).toEqual({
      model: 'llama3.2',
      timeouts: { loadMs: 1000 },
      window: { isSidebarOpen: false },
      future: 1,
    });
    const again = await openSettings({ folder });
    expect(again.notices()).toEqual([]);
    expect(keptAside()).toHaveLength(1);
  });

  test('one wrong backend, switch or limit takes none of the others with it', async () => {
    const lab = { id: 'lab', url: 'no address at all', name: 'Lab' };
    const cloud = { id: 'cloud', url: 'https://cloud.example/v1', name: 'Cloud' };
    const backends = {
      // A second one of an id would get the key of the first.
      added: [
        { id: 'Two words' },
        lab,
        { ...cloud, name: '' },
        { ...lab, url: 'http://b' },
        cloud,
        { ...lab, id: 'mlx' },
      ],
      switches: { 'Two words': true, cloud: false, lab: 'perhaps', gone: false },
      limits: { lab: { connectMs: 'soon' }, cloud: { connectMs: 200 } },
      order: ['gone', 7, 'cloud', 'cloud'],
    };
    writeFileSync(path(), JSON.stringify({ backends }));
    const store = await openSettings({ folder });
    expect(store.get().backends).toMatchObject({
      added: [lab, cloud],
      switches: { cloud: false, gone: false },
      limits: { cloud: { connectMs: 200 } },
      order: ['gone', 'cloud', 'cloud'],
    });
    expect(Object.keys(store.get().backends.switches)).toEqual(['cloud', 'gone']);
    expect(store.notices()).toHaveLength(1);
    expect(keptAside()).toHaveLength(1);
  });

  test('settings from before there was a list of backends mean what they meant', async () => {
    const before = { backend: 'llamacpp', model: 'llama3.2', ollama: { address: 'gpu.lan' } };
    writeFileSync(path(), JSON.stringify(before));
    const store = await openSettings({ folder });
    expect(store.notices()).toEqual([]);
    expect(store.get()).toEqual({ ...defaults, ...before, ollama: { ...defaults.ollama, address: 'gpu.lan' } });
  });

  test('the switch of the demo of before: off meant to say so, on was nobody’s choice', async () => {
    for (const [before, after] of [
      [{ demoAsLastResort: false }, 'say'],
      [{ demoAsLastResort: true }, null],
      [{ demoAsLastResort: false, ifNothingAnswers: 'demo' }, 'demo'],
    ] as const) {
      writeFileSync(path(), JSON.stringify(before));
      const store = await openSettings({ folder });
      expect(store.notices()).toEqual([]);
      expect(store.get().ifNothingAnswers).toBe(after);
      await store.set({ theme: 'dark' });
      expect(JSON.parse(readFileSync(path(), 'utf8'))).not.toHaveProperty('demoAsLastResort');
    }
  });

  test('a folder that cannot be written: told, and the change counts in memory', async () => {
    const blocked = join(folder, 'file');
    writeFileSync(blocked, 'not a folder');
    const store = await openSettings({ folder: join(blocked, 'home') });
    let told = '';
    store.onChange((settings) => {
      told = settings.theme;
    });
    await expect(store.set({ theme: 'dark' })).rejects.toMatchObject({
      code: 'settings_unwritable',
      params: { path: join(blocked, 'home', 'settings.json') },
    });
    expect(store.get().theme).toBe('dark');
    expect(told).toBe('dark');
    // The next change is tried again: both get to disk once the way is free.
    rmSync(blocked);
    await store.set({ backend: 'demo' });
    const again = await openSettings({ folder: join(blocked, 'home') });
    expect(again.get()).toMatchObject({ theme: 'dark', backend: 'demo' });
  });
});
