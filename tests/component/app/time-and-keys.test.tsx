import { expect, test } from 'vitest';
import { dayGroup, matchesShortcut, shortcutKeys, untilMidnightMs } from '../../../src/renderer/lib/index.ts';

const at = (text: string) => new Date(text).getTime();
const kind = (text: string, now: string) => dayGroup(at(text), at(now), 'en').kind;

test('days are calendar days, not 24 hours', () => {
  expect(kind('2026-03-10T23:59', '2026-03-11T00:01')).toBe('yesterday');
  expect(kind('2026-03-11T00:00', '2026-03-11T23:59')).toBe('today');
  expect(kind('2026-03-12T08:00', '2026-03-11T23:59')).toBe('today');
  expect(kind('2026-03-09T23:59', '2026-03-11T00:01')).toBe('week');
  expect(kind('2026-03-04T00:00', '2026-03-11T23:59')).toBe('week');
  expect(kind('2026-03-03T23:59', '2026-03-11T00:00')).toBe('days30');
  expect(kind('2026-02-09T00:00', '2026-03-11T23:59')).toBe('days30');
  expect(dayGroup(at('2026-02-08T23:59'), at('2026-03-11T00:00'), 'en')).toEqual({
    kind: 'month',
    label: 'February 2026',
  });
});

test('midnight is counted from where the clock stands', () => {
  expect(untilMidnightMs(at('2026-03-11T23:59:59'))).toBe(1_000);
  expect(untilMidnightMs(at('2026-03-11T00:00:00'))).toBe(24 * 3_600_000);
});

test('a shortcut needs exactly its modifiers', () => {
  const key = (init: KeyboardEventInit) => new KeyboardEvent('keydown', init);
  expect(matchesShortcut(key({ key: 'b', ctrlKey: true }), 'Mod+B')).toBe(true);
  expect(matchesShortcut(key({ key: 'B', ctrlKey: true, shiftKey: true }), 'Mod+B')).toBe(false);
  expect(matchesShortcut(key({ key: 'b' }), 'Mod+B')).toBe(false);
  expect(matchesShortcut(key({ key: 'b', ctrlKey: true, metaKey: true }), 'Mod+B')).toBe(false);
  expect(matchesShortcut(key({ key: 'F6', shiftKey: true }), 'Shift+F6')).toBe(true);
  expect(matchesShortcut(key({ key: ',', ctrlKey: true }), 'Mod+,')).toBe(true);
  // A keyboard with other letters: the key that carries B elsewhere.
  expect(matchesShortcut(key({ key: 'и', code: 'KeyB', ctrlKey: true }), 'Mod+B')).toBe(true);
  expect(matchesShortcut(key({ key: 'б', code: 'Comma', ctrlKey: true }), 'Mod+,')).toBe(true);
  // One with the same letters in other places: what is written on the key counts.
  expect(matchesShortcut(key({ key: 'x', code: 'KeyB', ctrlKey: true }), 'Mod+B')).toBe(false);
  expect(shortcutKeys('Mod+Shift+C')).toEqual(['Ctrl', 'Shift', 'C']);
  expect(shortcutKeys('Delete')).toEqual(['Del']);
});
