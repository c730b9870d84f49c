import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { createLog, LOG_MAX_BYTES } from '../../../src/main/diagnostics/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, 'logs', 'hearth.log');
const lines = () =>
  readFileSync(path(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a line is on disk when the call returns, readable by this user only', () => {
  const log = createLog({ folder: join(folder, 'logs'), now: () => new Date(0) });
  log.info('started', { ms: 12 });
  expect(lines()).toEqual([
    { time: '1970-01-01T00:00:00.000Z', level: 'info', pid: process.pid, message: 'started', ms: 12 },
  ]);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'logs')).mode & 0o777).toBe(0o700);
  log.close();
});

test('an error is written with its code, detail and stack', () => {
  const log = createLog({ folder: join(folder, 'logs') });
  log.error('start failed', { error: new HearthError('engine_unavailable', { reason: 'x' }, { detail: 'why' }) });
  log.close();
  expect(lines()[0]).toMatchObject({
    level: 'error',
    error: {
      name: 'HearthError',
      code: 'engine_unavailable',
      detail: 'why',
      stack: expect.stringContaining('HearthError'),
    },
  });
});

test('strings that could be a conversation or a secret are left out, wherever they stand', () => {
  const log = createLog({ folder: join(folder, 'logs') });
  log.warn('odd', {
    prompt: 'my diary',
    nested: { apiKey: 'sk-123', list: [{ text: 'my diary' }] },
    promptTokens: 5,
    url: 'http://ann:hunter2@host/x',
    long: 'x'.repeat(100_000),
  });
  log.close();
  const raw = readFileSync(path(), 'utf8');
  expect(raw).not.toMatch(/diary|sk-123|hunter2/);
  expect(raw.length).toBeLessThan(6_000);
  expect(lines()[0]).toMatchObject({ promptTokens: 5, url: 'http://***@host/x' });
});

test('a log over the limit is started anew and one before is kept', () => {
  mkdirSync(join(folder, 'logs'));
  writeFileSync(path(), 'o'.repeat(LOG_MAX_BYTES + 1));
  const log = createLog({ folder: join(folder, 'logs') });
  log.info('fresh');
  expect(lines()).toHaveLength(1);
  expect(statSync(join(folder, 'logs', 'hearth.1.log')).size).toBe(LOG_MAX_BYTES + 1);

  const big = 'y'.repeat(3_900);
  for (let written = 0; written <= LOG_MAX_BYTES; written += 3_900) log.info(big);
  log.info('last');
  log.close();
  expect(lines().at(-1)).toMatchObject({ message: 'last' });
  expect(readFileSync(join(folder, 'logs', 'hearth.1.log'), 'utf8')).toContain('"fresh"');
});

test('a folder that cannot be written costs lines, never an exception, and the loss is told', () => {
  writeFileSync(join(folder, 'logs'), 'a file where the folder should be');
  const log = createLog({ folder: join(folder, 'logs') });
  expect(() => log.error('one', { circular: 1n })).not.toThrow();
  log.info('two');
  rmSync(join(folder, 'logs'));
  log.info('three');
  log.close();
  expect(lines()).toEqual([expect.objectContaining({ message: 'three', lostLines: 2 })]);
});

test('what cannot be written as JSON is no reason to throw', () => {
  const log = createLog({ folder: join(folder, 'logs') });
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  expect(() => log.info('loop', loop)).not.toThrow();
  log.info('after');
  log.close();
  expect(lines().at(-1)).toMatchObject({ message: 'after' });
});

test('closing twice is fine and later lines are dropped', () => {
  const log = createLog({ folder: join(folder, 'logs') });
  log.close();
  log.close();
  log.info('late');
  expect(existsSync(path())).toBe(false);
});
