import { createHash } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { toErrorInfo } from '../../../src/main/errors/index.ts';
import type { Files } from '../../../src/main/models/library/move-files.ts';
import { finishMove, moveFolder } from '../../../src/main/models/library/move-folder.ts';
import type { Progress } from '../../../src/main/models/library/work.ts';
import { temporaryFolder } from '../../support/storage.ts';

const NOTE = '.hearth-move.json';
const WHOLE = '.hearth-moved.json';
const MANIFEST_TIME = new Date('2026-01-02T03:04:05Z');

let home: string;
let from: string;
let to: string;
let before: Record<string, string>;

beforeEach(() => {
  home = temporaryFolder();
  from = path.join(home, 'old', 'models');
  to = path.join(home, 'new', 'models');
  for (const text of ['one', 'a larger one'.repeat(10_000)]) addBlob(from, text);
  write(from, 'blobs/sha256-unfinished-partial', 'half');
  write(from, 'manifests/registry.ollama.ai/library/tiny/latest', '{"layers":[]}');
  write(from, 'manifests/registry.ollama.ai/library/tiny/q4', '{"layers":[1]}');
  utimesSync(path.join(from, 'manifests/registry.ollama.ai/library/tiny/latest'), MANIFEST_TIME, MANIFEST_TIME);
  before = contents(from);
});

function write(folder: string, name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

function addBlob(folder: string, text: string): string {
  const name = `blobs/sha256-${createHash('sha256').update(text).digest('hex')}`;
  write(folder, name, text);
  return name;
}

/** Every file with its text; the note of a move left out. */
function contents(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== NOTE && name !== WHOLE,
  );
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile()).toSorted();
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

/** A file system on which two folders are two disks. */
const twoDisks: Files = {
  ...nodeFiles,
  link: () => Promise.reject(Object.assign(new Error('EXDEV'), { code: 'EXDEV' })),
};

interface World {
  /** What the settings name. */
  folder: string | null;
  isRunning: boolean;
  /** Folders that the engine was started with. */
  starts: (string | null)[];
}

function scene(given: { files?: Files; isRunning?: boolean; failStart?: boolean } = {}) {
  const world: World = { folder: null, isRunning: given.isRunning ?? true, starts: [] };
  const life = new AbortController();
  const steps: string[] = [];
  let doneBytes = 0;
  let totalBytes = 0;
  const progress: Progress = {
    signal: life.signal,
    step(step, total = 0) {
      steps.push(step);
      if (step === 'copying') totalBytes = total;
    },
    done(bytes) {
      doneBytes = bytes;
    },
  };
  const use = (folder: string | null) => {
    world.folder = folder;
    return Promise.resolve();
  };
  const run = (target = to) =>
    moveFolder(
      {
        from,
        to: target,
        files: given.files ?? twoDisks,
        pauseEngine() {
          const ran = world.isRunning;
          world.isRunning = false;
          return Promise.resolve(() => {
            if (!ran) return Promise.resolve();
            if (given.failStart && world.folder !== null) return Promise.reject(new Error('no start'));
            world.isRunning = true;
            world.starts.push(world.folder);
            return Promise.resolve();
          });
        },
        useFolder: use,
        useFolderBefore: () => use(null),
      },
      progress,
    );
  return { world, life, steps, run, bytes: () => [doneBytes, totalBytes] };
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'none',
    (error: unknown) => toErrorInfo(error).code,
  );
}

describe.each([
  ['to another disk', twoDisks],
  ['on one disk', nodeFiles],
])('a move %s', (_name, files) => {
  test('takes every file along and leaves nothing behind', async () => {
    const { run, world, steps, bytes } = scene({ files });
    await run();
    expect(contents(to)).toEqual(before);
    expect(existsSync(from)).toBe(false);
    expect(existsSync(path.join(to, NOTE))).toBe(false);
    expect(world).toEqual({ folder: to, isRunning: true, starts: [to] });
    expect(steps).toEqual(['checking', 'copying', 'restarting', 'removing']);
    expect(bytes()[0]).toBe(bytes()[1]);
    // Ollama tells it as the time of the model.
    expect(statSync(path.join(to, 'manifests/registry.ollama.ai/library/tiny/latest')).mtime).toEqual(MANIFEST_TIME);
  });

  test('leaves alone what is not Ollama’s, and an engine that did not run', async () => {
    write(from, 'notes.txt', 'mine');
    const { run, world } = scene({ files, isRunning: false });
    await run();
    expect(contents(from)).toEqual({ 'notes.txt': 'mine' });
    expect(contents(to)).toEqual(before);
    expect(world).toMatchObject({ isRunning: false, starts: [] });
  });

  test('that fails at any step of the file system leaves everything as it was, or arrives', async () => {
    let isThrough = false;
    for (let at = 1; !isThrough; at += 1) {
      const faulty = failing(files, at);
      const { run, world } = scene({ files: faulty.files });
      const target = path.join(home, `new-${at}`, 'models');
      const failure = await run(target).then(
        () => null,
        (error: unknown) => toErrorInfo(error),
      );
      isThrough = faulty.struck() === null;
      const where = `step ${at}: ${String(faulty.struck())}`;
      expect(world.isRunning, where).toBe(true);
      if (failure === null) {
        expect(world.folder, where).toBe(target);
        expect(contents(target), where).toEqual(before);
        // Back to the beginning for the next step.
        await nodeFiles.rm(from, { recursive: true, force: true });
        for (const [name, text] of Object.entries(before)) write(from, name, text);
      } else {
        expect(failure.code, where).not.toBe('internal');
        expect(world, where).toMatchObject({ folder: null });
        expect(contents(from), where).toEqual(before);
        expect(Object.keys(contents(target)), where).toEqual([]);
      }
      expect(at, 'it never gets through').toBeLessThan(500);
    }
  });

  test('that is cancelled at any step before the switch leaves everything as it was', async () => {
    let isThrough = false;
    for (let at = 1; !isThrough; at += 1) {
      const { run, world, life } = scene({
        files: hooked(files, at, () => life.abort(new DOMException('', 'AbortError'))),
      });
      const target = path.join(home, `new-${at}`, 'models');
      const code = await codeOf(run(target));
      if (code === 'none') {
        isThrough = true;
        expect(contents(target)).toEqual(before);
        expect(world.folder).toBe(target);
        expect(at).toBeGreaterThan(10);
      } else {
        expect(code).toBe('cancelled');
        expect(world).toMatchObject({ folder: null, isRunning: true });
        expect(contents(from)).toEqual(before);
        expect(existsSync(path.join(home, `new-${at}`))).toBe(false);
      }
    }
  });
});

describe('a move', () => {
  test('whose engine does not start in the new folder is taken back', async () => {
    const { run, world } = scene({ failStart: true });
    expect(await codeOf(run())).toBe('work_failed');
    expect(contents(from)).toEqual(before);
    expect(existsSync(to)).toBe(false);
    expect(world).toEqual({ folder: null, isRunning: true, starts: [null] });
  });

  test('brings along what comes while it copies, and drops what goes', async () => {
    const late = { added: '', isDone: false };
    const files = hooked(twoDisks, 12, () => {
      late.added = addBlob(from, 'pulled meanwhile');
      late.isDone = true;
    });
    await scene({ files }).run();
    expect(late.isDone).toBe(true);
    expect(contents(to)).toEqual({ ...before, [late.added]: 'pulled meanwhile' });
    expect(existsSync(from)).toBe(false);
  });

  test('stops at a layer that is not what its name says', async () => {
    const name = Object.keys(before).find((one) => /sha256-[\da-f]{64}$/.test(one)) ?? '';
    writeFileSync(path.join(from, name), 'damaged');
    before = contents(from);
    const failure = await scene()
      .run()
      .catch((error: unknown) => toErrorInfo(error));
    expect(failure).toMatchObject({ code: 'work_failed' });
    expect(JSON.stringify(failure)).toContain('is damaged');
    expect(contents(from)).toEqual(before);
    expect(existsSync(to)).toBe(false);
  });

  test('does not follow links', async () => {
    symlinkSync('/etc', path.join(from, 'blobs', 'elsewhere'));
    expect(await codeOf(scene().run())).toBe('work_failed');
    expect(existsSync(to)).toBe(false);
  });

  test('of no models at all only names the folder', async () => {
    await nodeFiles.rm(from, { recursive: true });
    const { run, world } = scene();
    await run();
    expect(world.folder).toBe(to);
  });
});

describe('a folder is refused', () => {
  test.each([
    ['a relative path', () => 'models'],
    ['the same folder', () => from],
    ['one inside it', () => path.join(from, 'blobs', 'new')],
    ['one around it', () => home],
    ['a file', () => (write(home, 'file', ''), path.join(home, 'file'))],
    ['one inside a file', () => (write(home, 'file', ''), path.join(home, 'file', 'x'))],
    ['one that holds something', () => (write(home, 'full/x', ''), path.join(home, 'full'))],
    ['the same folder by a link', () => (symlinkSync(from, path.join(home, 'link')), path.join(home, 'link'))],
    ['one inside it by a link', () => (symlinkSync(from, path.join(home, 'l2')), path.join(home, 'l2', 'new'))],
  ])('%s', async (_name, folder) => {
    const { run, world } = scene();
    expect(await codeOf(run(folder()))).toBe('folder_unusable');
    expect(contents(from)).toEqual(before);
    expect(world).toMatchObject({ folder: null, isRunning: true });
  });

  test('but not one that is empty, or holds only what systems put there', async () => {
    mkdirSync(path.join(to, 'lost+found'), { recursive: true });
    await scene().run();
    expect(contents(to)).toEqual(before);
  });
});

describe('after a crash', () => {
  test('a half full folder of an attempt of ours is used again', async () => {
    write(to, NOTE, JSON.stringify({ from }));
    write(to, 'blobs/sha256-stale', 'from the attempt');
    await scene().run();
    expect(contents(to)).toEqual(before);
    expect(existsSync(path.join(to, NOTE))).toBe(false);
  });

  test('one of another move is not', async () => {
    write(to, NOTE, JSON.stringify({ from: path.join(home, 'elsewhere') }));
    write(to, 'blobs/sha256-stale', 'from the attempt');
    expect(await codeOf(scene().run())).toBe('folder_unusable');
    expect(contents(to)).toEqual({ 'blobs/sha256-stale': 'from the attempt' });
  });

  test('one that was whole is used again while the old folder has all of it', async () => {
    for (const [name, text] of Object.entries(before)) write(to, name, text);
    for (const note of [NOTE, WHOLE]) write(to, note, JSON.stringify({ from }));
    await scene().run();
    expect(contents(to)).toEqual(before);
  });

  test('but not when models have come to it that are nowhere else', async () => {
    for (const [name, text] of Object.entries(before)) write(to, name, text);
    for (const note of [NOTE, WHOLE]) write(to, note, JSON.stringify({ from }));
    addBlob(to, 'fetched after the switch');
    const there = contents(to);
    expect(await codeOf(scene().run())).toBe('folder_unusable');
    expect(contents(to)).toEqual(there);
    expect(contents(from)).toEqual(before);
  });

  test('what another program wrote to the old folder since stays there', async () => {
    for (const [name, text] of Object.entries(before)) write(to, name, text);
    for (const note of [NOTE, WHOLE]) write(to, note, JSON.stringify({ from }));
    const later = new Date(statSync(path.join(to, WHOLE)).mtimeMs + 60_000);
    const [again = ''] = Object.keys(before);
    utimesSync(path.join(from, again), later, later);
    await finishMove(to);
    expect(contents(from)).toEqual({ [again]: before[again] });
    expect(contents(to)).toEqual(before);
  });

  test('in the middle of deleting the old files the rest goes at the next start', async () => {
    const [gone = '', ...rest] = Object.keys(before);
    for (const [name, text] of Object.entries(before)) write(to, name, text);
    for (const note of [NOTE, WHOLE]) write(to, note, JSON.stringify({ from }));
    await nodeFiles.rm(path.join(from, gone));
    write(from, 'manifests/only/here', 'of another program');
    expect(rest.length).toBeGreaterThan(2);
    await finishMove(to);
    expect(contents(from)).toEqual({ 'manifests/only/here': 'of another program' });
    expect(contents(to)).toEqual(before);
    expect(existsSync(path.join(to, NOTE))).toBe(false);
    expect(existsSync(path.join(to, WHOLE))).toBe(false);
  });

  test('nothing is deleted for a copy that is not whole, whatever folder the settings name', async () => {
    for (const [name, text] of Object.entries(before)) write(to, name, text.slice(1));
    write(to, NOTE, JSON.stringify({ from }));
    await finishMove(to);
    write(to, WHOLE, JSON.stringify({ from }));
    await finishMove(to);
    expect(contents(from)).toEqual(before);
  });

  test('a folder without a note of ours is left alone', async () => {
    for (const [name, text] of Object.entries(before)) write(to, name, text);
    await finishMove(to);
    write(to, WHOLE, '{"from": "relative"}');
    await finishMove(to);
    expect(contents(from)).toEqual(before);
  });
});

/** Calls the hook before the n-th call that works on files, counting reads and writes of open files too. */
function hooked(files: Files, at: number, hook: () => void): Files {
  let count = 0;
  const step = () => {
    count += 1;
    if (count === at) hook();
  };
  return wrap(files, step);
}

function failing(files: Files, at: number): { files: Files; struck: () => string | null } {
  let count = 0;
  let struck: string | null = null;
  const step = (name: string) => {
    count += 1;
    if (count !== at) return;
    struck = name;
    throw Object.assign(new Error('EIO: a broken disk'), { code: 'EIO' });
  };
  return { files: wrap(files, step), struck: () => struck };
}

function wrap(files: Files, step: (name: string) => void): Files {
  const wrapped = Object.entries({ ...files }).map(([name, call]) => {
    if (typeof call !== 'function') return [name, call];
    return [
      name,
      async (...input: unknown[]) => {
        step(name);
        const result = await (call as (...given: unknown[]) => Promise<unknown>)(...input);
        return name === 'open' ? wrapHandle(result as nodeFiles.FileHandle, step) : result;
      },
    ];
  });
  return Object.fromEntries(wrapped) as Files;
}

function wrapHandle(handle: nodeFiles.FileHandle, step: (name: string) => void): nodeFiles.FileHandle {
  return new Proxy(handle, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return async (...input: unknown[]) => {
        if (['read', 'write', 'sync'].includes(String(key))) step(String(key));
        // Hundreds of waits for the real disk would prove nothing.
        if (key === 'sync') return undefined;
        return value.call(target, ...input) as Promise<unknown>;
      };
    },
  });
}
