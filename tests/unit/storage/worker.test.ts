// The life of the worker: opening, closing, dying.
import Database from 'better-sqlite3';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { chooseBinding } from '../../../src/main/storage/binding.ts';
import { firstTurn, openHistory, settlement, temporaryFolder } from '../../support/storage.ts';

const dyingWorker = new URL('../../support/dying-storage-worker.ts', import.meta.url);

describe('closing', () => {
  it('finishes the calls before it, writes the log back, and can be said twice', async () => {
    const folder = temporaryFolder();
    const storage = await openHistory(folder);
    const turn = firstTurn();
    const calls = [storage.beginTurn(turn), storage.settle(settlement(turn.answerId))];
    const closed = storage.close();
    expect(storage.close()).toBe(closed);
    await closed;
    expect(await Promise.all(calls)).toHaveLength(2);
    expect(readdirSync(folder).toSorted()).toEqual(['history.sqlite', 'lock.sqlite']);
    await expect(storage.facts()).rejects.toMatchObject({ name: 'HearthError', code: 'storage_failed' });
    await storage.close();
  });

  it('takes at most five seconds, whatever the worker waits for', async () => {
    const folder = temporaryFolder();
    const storage = await openHistory(folder, { busyTimeoutMs: 10_000 });
    const other = new Database(join(folder, 'history.sqlite'));
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const blocked = expect(storage.beginTurn(firstTurn())).rejects.toMatchObject({ code: 'storage_failed' });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const closed = storage.close();
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    await blocked;
    await expect(storage.facts()).rejects.toMatchObject({ code: 'storage_failed' });
  });

  it('is not reported as a death', async () => {
    const onFatal = vi.fn();
    const storage = await openHistory(temporaryFolder(), { onFatal });
    await storage.close();
    expect(onFatal).not.toHaveBeenCalled();
  });
});

describe('the death of the worker', () => {
  it('rejects every call under way and to come, is told once, and gives the lock back', async () => {
    const folder = temporaryFolder();
    const onFatal = vi.fn();
    const storage = await openHistory(folder, { workerUrl: dyingWorker, onFatal });
    const turn = firstTurn();
    await storage.beginTurn(turn);
    const failed = { name: 'HearthError', code: 'storage_failed' };
    const underWay = [storage.check(), storage.getMessage(turn.answerId), storage.settle(settlement(turn.answerId))];
    for (const outcome of await Promise.allSettled(underWay)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: failed });
    }
    await expect(storage.getMessage(turn.answerId)).rejects.toMatchObject(failed);
    await storage.close();
    expect(onFatal).toHaveBeenCalledOnce();
    expect(onFatal).toHaveBeenCalledWith(expect.objectContaining({ ...failed, detail: 'exit code 7' }));

    // Though the process lives.
    const again = await openHistory(folder);
    expect(await again.getMessage(turn.answerId)).toMatchObject({ state: 'interrupted' });
  });

  it('by an uncaught error tells that error', async () => {
    const onFatal = vi.fn();
    const storage = await openHistory(temporaryFolder(), { workerUrl: dyingWorker, onFatal });
    // Whether this call is still answered is open: the error comes out after its listener.
    await Promise.allSettled([storage.facts()]);
    await vi.waitFor(() => expect(onFatal).toHaveBeenCalledOnce());
    expect(onFatal).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'storage_failed', detail: 'a fault in the worker' }),
    );
    await expect(storage.facts()).rejects.toMatchObject({ code: 'storage_failed' });
  });

  it('before it has opened anything is an error of opening', async () => {
    const onFatal = vi.fn();
    const nowhere = new URL('./no-such-worker.ts', import.meta.url);
    await expect(openHistory(temporaryFolder(), { workerUrl: nowhere, onFatal })).rejects.toMatchObject({
      code: 'storage_failed',
    });
  });
});

describe('facts', () => {
  it('tell where the history is and how much there is', async () => {
    const folder = temporaryFolder();
    const storage = await openHistory(folder);
    await storage.beginTurn(firstTurn());
    const facts = await storage.facts();
    expect(facts).toEqual({
      path: join(folder, 'history.sqlite'),
      sizeBytes: expect.any(Number),
      schemaVersion: 4,
      sqliteVersion: expect.stringMatching(/^3\.\d+\.\d+$/),
      conversations: 1,
      messages: 2,
    });
    expect(existsSync(facts.path)).toBe(true);
    expect(facts.sizeBytes).toBe(statSync(facts.path).size + statSync(`${facts.path}-wal`).size);
    expect(await storage.check()).toEqual([]);
  });
});

describe('the native build', () => {
  it('is the package’s own where it fits, the given one where not, and never a guess', () => {
    expect(chooseBinding('10', null)).toBeUndefined();
    expect(chooseBinding('11', '/given.node')).toBeUndefined();
    expect(chooseBinding('9', '/given.node')).toBe('/given.node');
    expect(() => chooseBinding('9', null)).toThrow(expect.objectContaining({ code: 'storage_driver' }));
  });
});
