// The keys that zoom, on keyboards of several countries and on the number pad.
import { describe, expect, it } from 'vitest';
import { nextZoom, type ZoomInput, zoomStepOf } from '../../../src/main/shell/zoom-keys.ts';

const press = (change: Partial<ZoomInput>): ZoomInput => ({
  type: 'keyDown',
  key: '',
  code: '',
  control: true,
  meta: false,
  alt: false,
  shift: false,
  ...change,
});

describe('which keys zoom', () => {
  it.each([
    ['Ctrl =', press({ key: '=', code: 'Equal' }), 'in'],
    ['Ctrl Shift = of a US keyboard', press({ key: '+', code: 'Equal', shift: true }), 'in'],
    ['Ctrl + of a German keyboard', press({ key: '+', code: 'BracketRight' }), 'in'],
    ['Ctrl numpad +', press({ key: '+', code: 'NumpadAdd' }), 'in'],
    ['Ctrl -', press({ key: '-', code: 'Minus' }), 'out'],
    ['Ctrl Shift -', press({ key: '_', code: 'Minus', shift: true }), 'out'],
    ['Ctrl - of a French keyboard', press({ key: '-', code: 'Digit6' }), 'out'],
    ['Ctrl numpad -', press({ key: '-', code: 'NumpadSubtract' }), 'out'],
    ['Ctrl 0', press({ key: '0', code: 'Digit0' }), 'reset'],
    ['Ctrl 0 of a French keyboard', press({ key: 'à', code: 'Digit0' }), 'reset'],
    ['Ctrl numpad 0', press({ key: '0', code: 'Numpad0' }), 'reset'],
    ['Ctrl numpad 0 without Num Lock', press({ key: 'Insert', code: 'Numpad0' }), 'reset'],
    ['= alone', press({ key: '=', code: 'Equal', control: false }), null],
    ['Ctrl Alt =, which writes a letter elsewhere', press({ key: '=', code: 'Equal', alt: true }), null],
    ['Ctrl Meta =', press({ key: '=', code: 'Equal', meta: true }), null],
    ['the key let go', press({ type: 'keyUp', key: '=', code: 'Equal' }), null],
    ['Ctrl 1', press({ key: '1', code: 'Digit1' }), null],
    ['Ctrl Shift 0 of a US keyboard', press({ key: ')', code: 'Digit0', shift: true }), null],
  ])('%s', (_name, input, step) => {
    expect(zoomStepOf(input, false)).toBe(step);
  });

  it('Cmd on a Mac, where Ctrl does not zoom', () => {
    const cmd = press({ key: '=', code: 'Equal', control: false, meta: true });
    expect(zoomStepOf(cmd, true)).toBe('in');
    expect(zoomStepOf(cmd, false)).toBeNull();
    expect(zoomStepOf(press({ key: '=', code: 'Equal' }), true)).toBeNull();
  });
});

describe('how far a step goes', () => {
  it.each([
    [1, 'in', 1.1],
    [1, 'out', 0.9],
    [1.7500001, 'in', 2],
    [1.7499999, 'out', 1.5],
    [3, 'in', 3],
    [0.5, 'out', 0.5],
    [2, 'reset', 1],
  ] as const)('%d %s: %d', (factor, step, next) => {
    expect(nextZoom(factor, step)).toBe(next);
  });
});
