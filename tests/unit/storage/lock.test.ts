// One Hearth at a time writes to a history, and a dead one does not count.
import Database from 'better-sqlite3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { firstTurn, openHistory, startStorageProcess, temporaryFolder } from '../../support/storage.ts';

describe('the lock', () => {
  it('keeps a second process out until the first one dies', async () => {
    const folder = temporaryFolder();
    const holder = startStorageProcess(folder);
    expect(await holder.next()).toEqual({ ok: 'open' });
    await expect(openHistory(folder)).rejects.toMatchObject({ name: 'HearthError', code: 'storage_in_use' });
    const other = startStorageProcess(folder);
    expect(await other.next()).toMatchObject({ code: 'storage_in_use' });
    await holder.kill();
    const storage = await openHistory(folder);
    expect(await storage.listConversations({ limit: 1 })).toEqual([]);
  });

  it('keeps a second one in the same process out until the first one is closed, and harms the first one not', async () => {
    const folder = temporaryFolder();
    const first = await openHistory(folder);
    await expect(openHistory(folder)).rejects.toMatchObject({ code: 'storage_in_use' });
    await expect(openHistory(folder)).rejects.toMatchObject({ code: 'storage_in_use' });
    const other = startStorageProcess(folder);
    expect(await other.next()).toMatchObject({ code: 'storage_in_use' });
    await first.beginTurn(firstTurn());
    await first.close();
    const second = await openHistory(folder);
    expect(await second.facts()).toMatchObject({ messages: 2 });
  });

  it('is not fooled by a lock file that is not one', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lock.sqlite'), 'not a lock\n'.repeat(1_000));
    await expect(openHistory(folder)).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('lock.sqlite is not the lock file of Hearth; delete it'),
    });
  });
});

describe('a lock of another program', () => {
  /** Does to the file what a database viewer or a backup program does. */
  function otherProgram(folder: string, ...statements: string[]): Database.Database {
    const db = new Database(join(folder, 'history.sqlite'));
    onTestFinished(() => void db.close());
    for (const statement of statements) db.exec(statement);
    return db;
  }

  it.each([
    ['for writing', ['BEGIN IMMEDIATE']],
    ['for everything', ['PRAGMA locking_mode = EXCLUSIVE', 'BEGIN EXCLUSIVE', 'CREATE TABLE x (y)']],
  ])('%s is told apart when opening, and trying again works', async (_, statements) => {
    const folder = temporaryFolder();
    const first = await openHistory(folder);
    await first.beginTurn(firstTurn());
    await first.close();
    const other = otherProgram(folder, ...statements);
    await expect(openHistory(folder, { busyTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'storage_locked',
      params: { path: join(folder, 'history.sqlite') },
    });
    other.exec('ROLLBACK');
    other.close();
    const again = await openHistory(folder);
    expect(await again.facts()).toMatchObject({ messages: 2 });
  });

  it('while Hearth runs fails the call, not the history', async () => {
    const folder = temporaryFolder();
    const storage = await openHistory(folder, { busyTimeoutMs: 50 });
    const other = otherProgram(folder, 'BEGIN IMMEDIATE');
    const turn = firstTurn();
    await expect(storage.beginTurn(turn)).rejects.toMatchObject({ code: 'storage_locked' });
    expect(await storage.listConversations({ limit: 1 })).toEqual([]);
    other.exec('ROLLBACK');
    expect(await storage.beginTurn(turn)).toMatchObject({ answer: { state: 'waiting' } });
  });
});
