import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { logSegments } from '../../../src/renderer/features/engine/log-segments.ts';

const marked = (line: string) =>
  logSegments(line)
    .filter((one) => one.kind !== 'plain')
    .map((one) => `${one.kind}: ${one.text}`);

test.each([
  [
    'time=2026-11-21T10:00:00Z level=INFO source=routes.go:1 msg="Listening"',
    ['quiet: time=2026-11-21T10:00:00Z', 'quiet: level=INFO'],
  ],
  ['time=2026-11-21T10:00:00Z level=WARN msg="cut"', ['quiet: time=2026-11-21T10:00:00Z', 'warn: level=WARN']],
  ['time=2026-11-21T10:00:00Z level=ERROR msg="no"', ['quiet: time=2026-11-21T10:00:00Z', 'error: level=ERROR']],
  ['[GIN] 2026/11/21 - 10:00:00 | 200 |  1.2ms | 127.0.0.1 | GET "/"', ['quiet: [GIN] 2026/11/21 - 10:00:00']],
  [
    '[GIN] 2026/11/21 - 10:00:00 | 404 |  1.2ms | 127.0.0.1 | GET "/"',
    ['quiet: [GIN] 2026/11/21 - 10:00:00', 'warn: 404'],
  ],
  [
    '[GIN] 2026/11/21 - 10:00:00 | 500 |  1.2ms | 127.0.0.1 | GET "/"',
    ['quiet: [GIN] 2026/11/21 - 10:00:00', 'error: 500'],
  ],
  ['Error: listen tcp 127.0.0.1:11434: bind: address already in use', ['error: Error:']],
  ['[GIN-debug] POST /api/chat --> ChatHandler', ['quiet: [GIN-debug]']],
  ['[GIN-debug] [WARNING] Running in "debug" mode', ['quiet: [GIN-debug]', 'warn: [WARNING']],
  ['panic: runtime error', ['error: panic:']],
  ['llama_model_loader: no error here', []],
])('%s', (line, expected) => expect(marked(line)).toEqual(expected));

test('what is looked for is marked in whatever case, across the other marks', () => {
  const segments = logSegments('level=WARN msg=warned', 'warn');
  expect(segments.filter((one) => one.isMatch)).toEqual([
    { at: 6, text: 'WARN', kind: 'warn', isMatch: true },
    { at: 15, text: 'warn', kind: 'plain', isMatch: true },
  ]);
});

test('the pieces are the line again, letter for letter', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'level=WARN',
      'level=error',
      '[GIN] 2026/11/21 - 10:00:00 | 500 |',
      'Error:',
      'time=1',
      '<b>',
      '\u202e',
      '.',
    ),
  );
  fc.assert(
    fc.property(fc.array(part), fc.string({ maxLength: 3 }), (parts, sought) => {
      const line = parts.join(' ');
      const segments = logSegments(line, sought);
      expect(segments.map((one) => one.text).join('')).toBe(line);
      expect(segments.every((one) => one.text !== '' && line.startsWith(one.text, one.at))).toBe(true);
    }),
  );
});
