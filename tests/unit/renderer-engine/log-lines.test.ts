import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { LINE_CHARS_MAX, LogLines } from '../../../src/renderer/features/engine/log-lines.ts';

const now = (run: () => void) => run();
const shown = (log: LogLines) => Array.from({ length: log.rowCount }, (_, index) => log.rowAt(index).text);

type Step = { do: 'append' | 'replace'; lines: string[] } | { do: 'find'; text: string } | { do: 'hold' | 'release' };

const line = fc.constantFrom('ready', 'level=WARN slow', 'level=ERROR gone', 'a.b', 'A+B', '');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('append' as const, 'replace' as const), lines: fc.array(line, { maxLength: 12 }) }),
  fc.record({ do: fc.constant('find' as const), text: fc.constantFrom('', 'warn', 'a.b', 'a+b', 'none') }),
  fc.record({ do: fc.constantFrom('hold' as const, 'release' as const) }),
);

test('whatever comes, it shows what a plain list would: the last lines that match', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (steps, limit) => {
      const log = new LogLines({ limit, soon: now });
      let plain: string[] = [];
      let waiting: string[] | null = null;
      let sought = '';
      for (const one of steps) {
        if (one.do === 'append') {
          log.append(one.lines);
          if (waiting) waiting = [...waiting, ...one.lines].slice(-limit);
          else plain = [...plain, ...one.lines];
        } else if (one.do === 'replace') {
          log.replace(one.lines);
          plain = one.lines;
          if (waiting) waiting = [];
        } else if (one.do === 'find') {
          log.find(one.text);
          sought = one.text;
        } else if (one.do === 'hold') {
          log.hold();
          waiting ??= [];
        } else {
          log.release();
          plain = [...plain, ...(waiting ?? [])];
          waiting = null;
        }
        plain = plain.slice(-limit);
        const expected = plain.filter((text) => text.toLowerCase().includes(sought));
        expect(shown(log)).toEqual(expected);
        expect(log.text()).toBe(expected.join('\n'));
        expect(log.count).toBe(plain.length);
        expect(log.waitingCount).toBe(waiting?.length ?? 0);
        for (let index = 0; index < log.rowCount; index += 1) {
          expect(log.indexOf(log.numberAt(index))).toBe(index);
        }
        expect(log.indexOf(log.numberAt(0) - 1)).toBe(-1);
      }
    }),
  );
});

test('a line keeps its number while others come and the oldest go', () => {
  const log = new LogLines({ limit: 3, soon: now });
  log.append(['a', 'b', 'c']);
  const { number } = log.rowAt(2);
  log.append(['d', 'e']);
  expect(log.rowAt(0)).toEqual({ number, text: 'c' });
  expect(log.dropped).toBe(2);
  // Read anew with more before it: the last lines are the same ones.
  log.replace(['c', 'd', 'e']);
  expect(log.rowAt(0)).toEqual({ number, text: 'c' });
  expect(log.dropped).toBe(0);
});

test('a line of megabytes is cut', () => {
  const log = new LogLines({ soon: now });
  log.append(['x'.repeat(5_000_000)]);
  expect(log.rowAt(0).text).toHaveLength(LINE_CHARS_MAX + 2);
});

test('readers hear of many changes at one time', () => {
  const waiting: (() => void)[] = [];
  const log = new LogLines({ soon: (run) => void waiting.push(run) });
  const reader = vi.fn<() => void>();
  const stop = log.subscribe(reader);
  for (let index = 0; index < 1_000; index += 1) log.append(['line']);
  expect(waiting).toHaveLength(1);
  waiting.pop()?.();
  expect(reader).toHaveBeenCalledOnce();
  expect(log.version).toBe(1);
  stop();
  log.append(['line']);
  waiting.pop()?.();
  expect(reader).toHaveBeenCalledOnce();
});

test('a flood that comes while the log is held still waits whole', () => {
  const log = new LogLines({ limit: 300_000, soon: (run) => run() });
  log.hold();
  log.append(Array.from({ length: 300_000 }, (_, index) => `line ${index}`));
  expect(log.waitingCount).toBe(300_000);
});
