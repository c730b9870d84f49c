import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLogFile, previousLogPath } from '../../../src/main/ollama/server/log-file.ts';

let folder: string;
let logPath: string;
let errors: unknown[];
const onError = (error: unknown): number => errors.push(error);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-log-'));
  logPath = path.join(folder, 'logs/ollama.log');
  errors = [];
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

it('begins a new file at every start and keeps the one before', async () => {
  for (const word of ['first', 'second', 'third']) {
    const log = openLogFile(logPath, { maxBytes: 1_000, onError });
    await log.write([word, 'and more']);
    await log.close();
  }
  expect(readFileSync(logPath, 'utf8')).toBe('third\nand more\n');
  expect(readFileSync(previousLogPath(logPath), 'utf8')).toBe('second\nand more\n');
  expect(readdirSync(path.dirname(logPath))).toHaveLength(2);
  expect(statSync(logPath).mode & 0o777).toBe(0o600);
  expect(errors).toEqual([]);
});

it('never grows beyond its limit, and keeps the newest lines in order', async () => {
  const log = openLogFile(logPath, { maxBytes: 1_000, onError });
  for (let line = 1; line <= 500; line += 1) void log.write([`line ${line}`]);
  await log.close();
  expect(statSync(logPath).size).toBeLessThanOrEqual(1_000);
  expect(statSync(previousLogPath(logPath)).size).toBeLessThanOrEqual(1_000);
  const kept = (readFileSync(previousLogPath(logPath), 'utf8') + readFileSync(logPath, 'utf8')).trimEnd().split('\n');
  expect(kept.at(-1)).toBe('line 500');
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => `line ${501 - kept.length + index}`));
});

it('tells once that it cannot be written and drops the lines', async () => {
  writeFileSync(path.join(folder, 'logs'), 'a file where the folder should be');
  const log = openLogFile(logPath, { maxBytes: 1_000, onError });
  await log.write(['one']);
  await log.write(['two']);
  await log.close();
  expect(errors).toHaveLength(1);
});
