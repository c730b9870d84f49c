// A window opens where it was, mostly visible and no larger than its screen, whatever has become of the screens.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitToScreens, type Rectangle } from '../../../src/main/shell/window-bounds.ts';

const box = (x: number, y: number, width: number, height: number): Rectangle => ({ x, y, width, height });
type Screens = [Rectangle, ...Rectangle[]];

/** One screen of 1600x1200, with a panel of 40 at its top. */
const ONE: Screens = [box(0, 40, 1600, 1160)];
const TWO: Screens = [box(0, 0, 1920, 1040), box(1920, 0, 1600, 1200)];
const LEFT: Screens = [box(0, 0, 1920, 1040), box(-1600, -200, 1600, 1200)];
const SMALL: Screens = [box(0, 0, 1280, 720)];
const TINY: Screens = [box(0, 0, 800, 560)];
/** 3840x2160 at 300 %, as Electron counts it. */
const SCALED: Screens = [box(0, 0, 1280, 680)];
const DEFAULT = { width: 1280, height: 800 };

describe('table over screens', () => {
  it.each<[string, Screens, Rectangle | null, Partial<Rectangle>]>([
    ['never open', ONE, null, DEFAULT],
    ['never open, on a small screen', SMALL, null, { width: 1280, height: 720 }],
    ['one screen', ONE, box(100, 90, 1280, 800), box(100, 90, 1280, 800)],
    ['the whole work area', ONE, ONE[0], ONE[0]],
    ['the second of two', TWO, box(2000, 50, 1280, 800), box(2000, 50, 1280, 800)],
    ['over both of two', TWO, box(1400, 50, 1280, 800), box(1400, 50, 1280, 800)],
    ['left of the primary one', LEFT, box(-1500, -150, 1280, 800), box(-1500, -150, 1280, 800)],
    ['half on the left one, half above everything', LEFT, box(-700, -700, 1000, 800), box(-1000, -200, 1000, 800)],
    ['the second one is gone', ONE, box(2000, 50, 1000, 700), { width: 1000, height: 700 }],
    ['the second one is gone, and was larger', SMALL, box(2000, 50, 2400, 1500), { width: 1280, height: 720 }],
    ['a smaller screen than before', SMALL, box(300, 200, 1280, 800), box(0, 0, 1280, 720)],
    ['a screen below the smallest window', TINY, box(0, 0, 1280, 800), box(0, 0, 800, 560)],
    ['a scaled screen', SCALED, box(400, 100, 1600, 1000), box(0, 0, 1280, 680)],
    ['at the edge (20-bounds-at-the-edge)', ONE, box(1590, 100, 1280, 800), box(320, 100, 1280, 800)],
    ['too large (20-bounds-too-large)', ONE, box(0, 0, 5000, 4000), box(0, 40, 1600, 1160)],
    ['too large, on the second', TWO, box(2000, 100, 5000, 4000), box(1920, 0, 1600, 1200)],
    ['below the edge', ONE, box(100, 1190, 1280, 800), box(100, 400, 1280, 800)],
    ['its title bar under the panel', ONE, box(100, 0, 1280, 800), box(100, 40, 1280, 800)],
    ['a little over the edge', ONE, box(-7, 90, 1280, 800), box(-7, 90, 1280, 800)],
    ['smaller than pages are laid out', ONE, box(100, 90, 200, 100), box(100, 90, 880, 600)],
    ['parts of pixels', ONE, box(100.4, 90.6, 1000.2, 700.7), box(100, 91, 1000, 701)],
    ['a negative size', ONE, box(100, 90, -1280, -800), DEFAULT],
    ['no size', ONE, box(100, 90, 0, 0), DEFAULT],
    ['no number as a place', ONE, box(Number.NaN, 90, 1000, 700), { width: 1000, height: 700 }],
    ['no number as a size', ONE, box(100, 90, Number.NaN, 700), DEFAULT],
    ['no end', ONE, box(100, 90, Infinity, 700), DEFAULT],
  ])('%s', (_name, areas, remembered, expected) => {
    expect(fitToScreens(remembered, areas).bounds).toEqual(expected);
  });
});

it('can be made no larger than its screen by the smallest size', () => {
  expect(fitToScreens(null, TINY).minimum).toEqual({ width: 800, height: 560 });
  expect(fitToScreens(null, ONE).minimum).toEqual({ width: 880, height: 600 });
});

it('is never larger than a screen and always in reach, whatever was remembered', () => {
  const screen = fc.record({
    x: fc.integer({ min: -4000, max: 4000 }),
    y: fc.integer({ min: -4000, max: 4000 }),
    width: fc.integer({ min: 640, max: 3840 }),
    height: fc.integer({ min: 480, max: 2160 }),
  });
  const number = fc.oneof(fc.integer({ min: -9000, max: 9000 }), fc.double());
  const bounds = fc.record({ x: number, y: number, width: number, height: number });
  fc.assert(
    fc.property(fc.tuple(screen), bounds, (areas, remembered) => {
      const { bounds: fitted } = fitToScreens(remembered, areas);
      const [area] = areas;
      expect(fitted.width).toBeLessThanOrEqual(area.width);
      expect(fitted.height).toBeLessThanOrEqual(area.height);
      const { x = area.x, y = area.y } = fitted;
      const seenWidth = Math.min(x + fitted.width, area.x + area.width) - Math.max(x, area.x);
      const seenHeight = Math.min(y + 48, area.y + area.height) - Math.max(y, area.y);
      expect(seenWidth).toBeGreaterThanOrEqual(0.79 * fitted.width);
      expect(seenHeight).toBeGreaterThanOrEqual(0.79 * 48);
    }),
  );
});
