// Reading the log from its end and following it, while the server talks, ends and starts again.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createServerLog } from '../../../src/main/ollama/server/log.ts';
import { standInReport } from '../../support/stand-in-ollama/index.ts';
import { type Bench, forever, openBench } from './setup.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.end());

/** Follows until the signal aborts; the batches as they came. */
function follow(server: ReturnType<Bench['server']>, lines: number, signal: AbortSignal) {
  const batches: string[][] = [];
  const over = (async () => {
    for await (const batch of server.followLog(lines, signal)) batches.push(batch.lines);
  })();
  return { batches, over };
}
const numbers = (lines: readonly string[]) =>
  lines.flatMap((line) => /msg="extra line" number=(\d+)$/.exec(line)?.[1] ?? []).map(Number);

it('has the last lines also while nothing runs', async () => {
  const server = bench.server();
  expect(await server.log(100)).toEqual([]);
  mkdirSync(path.dirname(server.logPath));
  writeFileSync(server.logPath, 'one\ntwo\nthree\n');
  expect(await server.log(2)).toEqual(['two', 'three']);
  appendFileSync(server.logPath, 'four\n');
  expect(await server.log(100)).toEqual(['one', 'two', 'three', 'four']);
});

it('is followed from its last lines on, across a crash and a restart, without a gap or a line twice', async () => {
  await bench.behave({ extraLogLines: 50 });
  const server = bench.server({ limits: { backoffMs: [1] } });
  await server.start(forever());
  await vi.waitFor(async () => expect(numbers(await server.log(1))).toEqual([50]), { timeout: 5_000 });
  const controller = new AbortController();
  const { batches, over } = follow(server, 10, controller.signal);
  await vi.waitFor(() => expect(batches).toHaveLength(1));
  expect(numbers(batches[0] ?? [])).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]);
  process.kill(standInReport(bench.folder).server, 'SIGKILL');
  const after = () => numbers(batches.slice(1).flat());
  await vi.waitFor(() => expect(after().at(-1)).toBe(50), { timeout: 8_000 });
  expect(after()).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  controller.abort();
  await over;
});

it('comes in a few batches when it floods, all of it', async () => {
  await bench.behave({ extraLogLines: 100_000 });
  const server = bench.server({ limits: { logBytes: 20_000_000 } });
  const controller = new AbortController();
  const { batches, over } = follow(server, 0, controller.signal);
  await vi.waitFor(() => expect(batches).toEqual([[]]));
  await server.start(forever());
  const last = () => numbers(batches.at(-1)?.slice(-1) ?? []);
  await vi.waitFor(() => expect(last()).toEqual([100_000]), { timeout: 20_000 });
  controller.abort();
  await over;
  const seen = numbers(batches.flat());
  expect(seen).toHaveLength(100_000);
  expect(seen.every((number, index) => number === index + 1)).toBe(true);
  // Ten a second at most, and it took a second or two: every line by itself would be thousands.
  expect(batches.length).toBeLessThan(500);
  expect(await server.log(100_000)).toHaveLength(100_000);
});

it('ends with its signal, also when nothing comes', async () => {
  const server = bench.server();
  const controller = new AbortController();
  const { batches, over } = follow(server, 100, controller.signal);
  await vi.waitFor(() => expect(batches).toEqual([[]]));
  controller.abort();
  await over;
  const aborted = follow(server, 100, AbortSignal.abort());
  await aborted.over;
  expect(aborted.batches).toEqual([[]]);
});

it('is read whole and once while a new file begins', async () => {
  const logPath = path.join(bench.folder, 'turns', 'ollama.log');
  const onError = (error: unknown): never => expect.fail(String(error));
  const log = createServerLog(logPath, { maxBytes: 1_000_000, onError });
  let file = log.begin();
  for (let life = 1; life <= 40; life += 1) {
    await file.write([`life ${life}`]);
    await file.close();
    const reading = log.last(100);
    file = log.begin();
    // The file of now and the one before.
    expect(await reading).toEqual([life - 1, life].filter((one) => one > 0).map((one) => `life ${one}`));
  }
  await file.close();
});
