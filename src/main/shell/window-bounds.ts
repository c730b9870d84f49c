// Where a window opens: where it was, as far as today's screens have room for it there.

export interface Size {
  width: number;
  height: number;
}
export interface Rectangle extends Size {
  x: number;
  y: number;
}

/** The size of a window that never was open. */
const DEFAULT: Size = { width: 1280, height: 800 };
/** Below this the pages are not laid out. */
const MINIMUM: Size = { width: 880, height: 600 };
/** What a hand reaches for to move a window. */
const TITLE_BAR_HEIGHT = 48;
/** A window may stand over an edge with the rest of it. */
const MOSTLY = 0.8;

export interface OpeningBounds {
  /** Where it opens; without a place the system puts it into the middle. */
  bounds: Size & Partial<Rectangle>;
  /** How small a hand may make it: no larger than the screen it opens on. */
  minimum: Size;
}

/**
 * The remembered bounds made to fit: never larger than the work area they lie in, and mostly visible.
 *
 * @param remembered as settings hold it: written for other screens, or by hand
 * @param areas the work areas of all screens in device-independent pixels, the primary one first
 */
export function fitToScreens(remembered: Rectangle | null, areas: readonly [Rectangle, ...Rectangle[]]): OpeningBounds {
  const area = remembered === null ? undefined : areaOf(remembered, areas);
  // Its screen is gone, or it never was anywhere: what counts is its size, on the primary one.
  if (remembered === null || area === undefined) {
    const size = remembered !== null && isSize(remembered) ? remembered : DEFAULT;
    return { bounds: sizeWithin(size, areas[0]), minimum: smaller(MINIMUM, areas[0]) };
  }
  const size = sizeWithin(remembered, area);
  const placed = { x: Math.round(remembered.x), y: Math.round(remembered.y), ...size };
  const isShrunk = size.width < remembered.width - 1 || size.height < remembered.height - 1;
  const bounds = isMostlyVisible(placed, areas) && !isShrunk ? placed : moveInto(placed, area);
  return { bounds, minimum: smaller(MINIMUM, area) };
}

/** The work area that holds most of it; undefined where none holds any. */
function areaOf(bounds: Rectangle, areas: readonly Rectangle[]): Rectangle | undefined {
  if (!isSize(bounds) || !Number.isFinite(bounds.x) || !Number.isFinite(bounds.y)) return undefined;
  const [best] = areas.toSorted((a, b) => overlap(bounds, b) - overlap(bounds, a));
  return best !== undefined && overlap(bounds, best) > 0 ? best : undefined;
}

function isSize({ width, height }: Size): boolean {
  return Number.isFinite(width) && Number.isFinite(height) && width > 0 && height > 0;
}

function sizeWithin({ width, height }: Size, area: Size): Size {
  return {
    width: Math.min(Math.max(Math.round(width), MINIMUM.width), area.width),
    height: Math.min(Math.max(Math.round(height), MINIMUM.height), area.height),
  };
}

const smaller = (a: Size, b: Size): Size => ({
  width: Math.min(a.width, b.width),
  height: Math.min(a.height, b.height),
});

function isMostlyVisible(bounds: Rectangle, areas: readonly Rectangle[]): boolean {
  const titleBar = { ...bounds, height: TITLE_BAR_HEIGHT };
  return [bounds, titleBar].every((part) => {
    const seen = areas.reduce((sum, area) => sum + overlap(part, area), 0);
    return seen >= MOSTLY * part.width * part.height;
  });
}

const moveInto = (bounds: Rectangle, area: Rectangle): Rectangle => ({
  ...bounds,
  x: Math.max(area.x, Math.min(bounds.x, area.x + area.width - bounds.width)),
  y: Math.max(area.y, Math.min(bounds.y, area.y + area.height - bounds.height)),
});

/** In square pixels. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
