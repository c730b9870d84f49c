import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { previousLogPath } from '../../../src/main/ollama/server/log-file.ts';
import { readLastLines } from '../../../src/main/ollama/server/log-reader.ts';

let folder: string;
let logPath: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-log-'));
  logPath = path.join(folder, 'ollama.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

it('gives the last lines of both files, whatever their length', async () => {
  // Some are longer than what is read at once.
  const line = fc.oneof(fc.string({ maxLength: 80, unit: 'grapheme' }), fc.constant('ö'.repeat(40_000)));
  const clean = line.map((text) => text.replaceAll(/[\r\n]/g, ''));
  await fc.assert(
    fc.asyncProperty(fc.array(clean), fc.array(clean), fc.nat(30), async (before, now, count) => {
      writeFileSync(previousLogPath(logPath), file(before));
      writeFileSync(logPath, file(now));
      const all = [...before, ...now].map((text) => Buffer.from(text).toString());
      expect(await readLastLines(logPath, count)).toEqual(count === 0 ? [] : all.slice(-count));
    }),
    { numRuns: 60 },
  );
});

it('is empty without a log, and gives a line that is still being written', async () => {
  expect(await readLastLines(logPath, 10)).toEqual([]);
  writeFileSync(logPath, 'one\ntwo\nthr');
  expect(await readLastLines(logPath, 2)).toEqual(['two', 'thr']);
});

it('reads 100,000 lines', async () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => `time=now level=INFO msg="line" number=${index}`);
  writeFileSync(logPath, file(lines));
  expect(await readLastLines(logPath, 100_000)).toEqual(lines);
  expect(await readLastLines(logPath, 3)).toEqual(lines.slice(-3));
});
