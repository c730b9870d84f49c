// Files that Hearth cannot use: each has its own code, and none is changed.
import Database from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canMount, smallDisk } from '../../support/small-disk.ts';
import { firstTurn, openHistory, settlement, startStorageProcess, temporaryFolder } from '../../support/storage.ts';

const historyIn = (folder: string): string => join(folder, 'history.sqlite');

/** A closed history with one settled turn of the given size. */
async function makeHistory(folder: string, textChars = 10): Promise<string> {
  const storage = await openHistory(folder);
  const turn = firstTurn({ text: 'x'.repeat(textChars) });
  await storage.beginTurn(turn);
  await storage.settle(settlement(turn.answerId));
  await storage.close();
  return historyIn(folder);
}

function changeDirectly(path: string, statement: string): void {
  const db = new Database(path);
  db.exec(statement);
  db.close();
}

describe('a damaged file', () => {
  it.each([
    ['text', (path: string) => writeFileSync(path, 'These are not the rows you are looking for.\n'.repeat(500))],
    ['one line of text', (path: string) => writeFileSync(path, 'hello')],
    ['a half', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096)],
    [
      'a damaged schema',
      (path: string) => {
        const bytes = readFileSync(path);
        writeFileSync(path, bytes.fill(0x5a, 100, 4096));
      },
    ],
  ])('(%s) is refused and left as it is', async (_, damage) => {
    const folder = temporaryFolder();
    const path = await makeHistory(folder, 50_000);
    damage(path);
    const before = readFileSync(path);
    await expect(openHistory(folder)).rejects.toMatchObject({
      code: 'storage_corrupt',
      params: { path, reason: expect.any(String) },
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('of another program is refused and left as it is', async () => {
    const folder = temporaryFolder();
    changeDirectly(historyIn(folder), 'CREATE TABLE recipes (name TEXT); PRAGMA user_version = 40');
    const before = readFileSync(historyIn(folder));
    await expect(openHistory(folder)).rejects.toMatchObject({
      code: 'storage_corrupt',
      params: { reason: 'it is a database of another program' },
    });
    expect(readFileSync(historyIn(folder)).equals(before)).toBe(true);
  });

  it('is found by check', async () => {
    const folder = temporaryFolder();
    const path = await makeHistory(folder);
    changeDirectly(path, `PRAGMA foreign_keys = OFF; DELETE FROM messages WHERE role = 'user'`);
    const storage = await openHistory(folder);
    expect(await storage.check()).toContain('a row of messages refers to a missing row of messages');
  });
});

describe('a file of a newer Hearth', () => {
  it('is refused with both versions and not touched', async () => {
    const folder = temporaryFolder();
    const path = await makeHistory(folder);
    changeDirectly(path, 'PRAGMA user_version = 99');
    const before = readFileSync(path);
    await expect(openHistory(folder)).rejects.toMatchObject({
      code: 'storage_newer',
      params: { path, found: 99, known: 4 },
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });

  it('is recognised by its log alone, which is not written back', async () => {
    const source = temporaryFolder();
    const path = await makeHistory(source);
    const db = new Database(path);
    onTestFinished(() => void db.close());
    db.exec('PRAGMA user_version = 99');
    const folder = temporaryFolder();
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, historyIn(folder) + suffix);
    const files = (): Buffer[] => ['', '-wal'].map((suffix) => readFileSync(historyIn(folder) + suffix));
    const before = files();
    await expect(openHistory(folder)).rejects.toMatchObject({ code: 'storage_newer', params: { found: 99 } });
    expect(files()).toEqual(before);
  });
});

describe.skipIf(process.platform === 'win32')('a place that may not be written', () => {
  it('is told when the folder cannot be made', async () => {
    // Nobody makes folders here, not even root.
    const folder = process.platform === 'linux' ? '/sys/hearth-test' : '/System/hearth-test';
    await expect(openHistory(folder)).rejects.toMatchObject({
      code: 'storage_read_only',
      params: { path: historyIn(folder) },
    });
  });

  it.skipIf(!canMount)(
    'is told on a read-only disk, with and without a lock file, and nothing is changed',
    async () => {
      const disk = smallDisk(2_000);
      await makeHistory(disk.folder);
      disk.makeReadOnly();
      await expect(openHistory(disk.folder)).rejects.toMatchObject({ code: 'storage_read_only' });

      const copy = smallDisk(2_000);
      copyFileSync(historyIn(disk.folder), historyIn(copy.folder));
      copy.makeReadOnly();
      await expect(openHistory(copy.folder)).rejects.toMatchObject({ code: 'storage_read_only' });
      expect(readdirSync(copy.folder)).toEqual(['history.sqlite']);
    },
  );

  // A lock file that cannot be written locks nothing, and SQLite does not say so by itself.
  it.skipIf(!canMount).each(['history.sqlite', 'lock.sqlite'])('is told when only %s is read-only', async (name) => {
    const folder = temporaryFolder();
    await makeHistory(folder);
    const path = join(folder, name);
    expect(spawnSync('mount', ['--bind', path, path]).status).toBe(0);
    onTestFinished(() => void spawnSync('umount', [path]));
    expect(spawnSync('mount', ['-o', 'remount,ro,bind', path]).status).toBe(0);
    await expect(openHistory(folder)).rejects.toMatchObject({
      code: 'storage_read_only',
      params: { path: historyIn(folder) },
    });
  });

  it.skipIf(process.getuid?.() === 0).each([
    ['folder', 0o500, (path: string) => dirname(path)],
    ['history', 0o400, (path: string) => path],
    ['lock file', 0o400, (path: string) => join(dirname(path), 'lock.sqlite')],
  ])('is told for a %s without the right to write', async (_, mode, placeOf) => {
    const path = await makeHistory(temporaryFolder());
    chmodSync(placeOf(path), mode);
    onTestFinished(() => chmodSync(placeOf(path), 0o700));
    await expect(openHistory(dirname(path))).rejects.toMatchObject({ code: 'storage_read_only', params: { path } });
    expect(statSync(placeOf(path)).mode & 0o777).toBe(mode);
  });
});

describe.skipIf(process.platform === 'win32')('a full disk', () => {
  // The limit on file sizes is what every user can set; the small disk below is the real thing, for root.
  it('fails the call and keeps everything before it; a smaller call works', async () => {
    const folder = temporaryFolder();
    const limited = startStorageProcess(folder, (command) => [
      'sh',
      '-c',
      'ulimit -f 4000; exec "$@"',
      'sh',
      ...command,
    ]);
    expect(await limited.next()).toEqual({ ok: 'open' });
    const [small, large, last] = [firstTurn(), firstTurn(), firstTurn()];
    limited.send({ do: 'begin', turn: small });
    expect(await limited.next()).toEqual({ ok: 'begun' });
    limited.send({ do: 'begin', turn: large, textChars: 6_000_000 });
    expect(await limited.next()).toMatchObject({ code: 'storage_disk_full' });
    limited.send({ do: 'begin', turn: last });
    expect(await limited.next()).toEqual({ ok: 'begun' });
    await limited.kill();
    const storage = await openHistory(folder);
    expect(await storage.check()).toEqual([]);
    expect(await storage.facts()).toMatchObject({ conversations: 2, messages: 4 });
  });

  it.skipIf(!canMount)('fails every kind of writing and works again when there is room', async () => {
    const { folder } = smallDisk(1_000);
    const storage = await openHistory(folder);
    const turn = firstTurn();
    const messageId = turn.answerId;
    await storage.beginTurn(turn);
    const filler = join(folder, 'filler');
    expect(spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k']).status).not.toBe(0);
    const full = { code: 'storage_disk_full', params: { path: historyIn(folder) } };
    const text = 'x'.repeat(300_000);
    await expect(storage.beginTurn(firstTurn({ text }))).rejects.toMatchObject(full);
    await expect(storage.appendJournal([{ messageId, kind: 'text', text }])).rejects.toMatchObject(full);
    await expect(storage.settle(settlement(messageId, { text }))).rejects.toMatchObject(full);
    expect(await storage.getMessage(messageId)).toMatchObject({ state: 'waiting', parts: [] });
    expect(await storage.facts()).toMatchObject({ messages: 2 });
    writeFileSync(filler, '');
    expect(await storage.settle(settlement(messageId, { text: 'x'.repeat(100_000) }))).toMatchObject({ state: 'done' });
    expect(await storage.check()).toEqual([]);
  });

  it.skipIf(!canMount)('is told when there is no room for a new history', async () => {
    const { folder } = smallDisk(16);
    await expect(openHistory(folder)).rejects.toMatchObject({ code: 'storage_disk_full' });
  });
});

describe.skipIf(process.platform === 'win32')('the rights on the files', () => {
  it('are for this user only', async () => {
    const folder = join(temporaryFolder(), 'new', 'folder');
    const storage = await openHistory(folder);
    await storage.beginTurn(firstTurn());
    const rights = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect(rights(folder)).toBe('700');
    const names = readdirSync(folder);
    expect(names.toSorted()).toEqual(['history.sqlite', 'history.sqlite-shm', 'history.sqlite-wal', 'lock.sqlite']);
    for (const name of names) expect([name, rights(join(folder, name))]).toEqual([name, '600']);
  });

  it('are taken back from a file that others could read; a folder that was there keeps its own', async () => {
    const folder = join(temporaryFolder(), 'shared');
    mkdirSync(folder, { mode: 0o755 });
    const path = await makeHistory(folder);
    chmodSync(path, 0o644);
    await openHistory(folder);
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('755');
  });
});
