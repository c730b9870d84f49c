import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesText, NO_BREAK, secondsText } from '../../../src/renderer/lib/sizes.ts';

test.each([
  [0, '0 B'],
  [980, '980 B'],
  [41_200, '41 kB'],
  [712_000_000, '712 MB'],
  [999_600_000, '1.0 GB'],
  [1_422_353_729, '1.4 GB'],
  [24_000_000_000, '24.0 GB'],
  [240_000_000_000, '240 GB'],
  [1_800_000_000_000, '1.8 TB'],
])('%d bytes read %s', (bytes, text) => expect(bytesText(bytes)).toBe(text.replaceAll(' ', NO_BREAK)));

test.each([
  [0.2, '1 s'],
  [59.2, '1 min'],
  [61, '2 min'],
  [3_600, '1 h'],
  [3_601, '1 h 1 min'],
  [7_140, '1 h 59 min'],
])('%d seconds read %s', (seconds, text) => expect(secondsText(seconds).replaceAll(NO_BREAK, ' ')).toBe(text));

test('a wait is never told shorter than it is', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
      const [, hours = 0, minutes = 0, rest = 0] = /^(?:(\d+)\u00a0h ?)?(?:(\d+)\u00a0min)?(?:(\d+)\u00a0s)?$/.exec(
        secondsText(seconds),
      ) ?? [null, Number.NaN];
      expect(Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest)).toBeGreaterThanOrEqual(seconds);
    }),
  );
});
