// Which keys zoom, and by how much: what is written on the key, or its place on the number pad.

export type ZoomStep = 'in' | 'out' | 'reset';

/** As Electron's `before-input-event` tells a key. */
export interface ZoomInput {
  type: string;
  /** What the key writes. */
  key: string;
  /** Where it is, named after what it writes on a US keyboard. */
  code: string;
  control: boolean;
  meta: boolean;
  alt: boolean;
  shift: boolean;
}

/** As browsers go: a hand finds the size it knows. */
const FACTORS = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];
/** Half of the smallest difference between two of them. */
const NEAR = 0.02;

const BY_KEY: Record<string, ZoomStep> = { '+': 'in', '=': 'in', '-': 'out', _: 'out', '0': 'reset' };
const BY_CODE: Record<string, ZoomStep> = {
  NumpadAdd: 'in',
  NumpadSubtract: 'out',
  Numpad0: 'reset',
  // Where digits need Shift (French), the key writes a letter.
  Digit0: 'reset',
};

/** What a key press asks for; null for every other key. */
export function zoomStepOf(input: ZoomInput, isMac: boolean): ZoomStep | null {
  const hasMod = isMac ? input.meta && !input.control : input.control && !input.meta;
  // Ctrl and Alt together write letters on many keyboards.
  if (input.type !== 'keyDown' || !hasMod || input.alt) return null;
  const byKey = BY_KEY[input.key];
  if (byKey !== undefined) return byKey;
  return input.shift ? null : (BY_CODE[input.code] ?? null);
}

/** The next factor in that direction; the last one stays. */
export function nextZoom(factor: number, step: ZoomStep): number {
  if (step === 'reset') return 1;
  const next =
    step === 'in' ? FACTORS.find((one) => one > factor + NEAR) : FACTORS.findLast((one) => one < factor - NEAR);
  return next ?? factor;
}
