// Somebody can see Hearth while one of its windows is open and not minimised.
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { followVisibility, type SeenWindow } from '../../../src/main/shell/visibility.ts';

function scene() {
  const windows: FakeWindow[] = [];
  const told: boolean[] = [];
  const opened = new EventEmitter();
  followVisibility({
    windows: () => windows,
    onOpened: (listener) => opened.on('window', listener),
    tell: (isVisible) => told.push(isVisible),
  });
  const open = () => {
    const window = new FakeWindow();
    windows.push(window);
    opened.emit('window', window);
    window.be({ isShown: true }, 'show');
    return window;
  };
  return { open, told };
}

class FakeWindow extends EventEmitter implements SeenWindow {
  state = { isShown: false, isSmall: false, isGone: false };

  isDestroyed = () => this.state.isGone;
  isVisible = () => this.state.isShown;
  isMinimized = () => this.state.isSmall;

  be(change: Partial<FakeWindow['state']>, event: string): void {
    Object.assign(this.state, change);
    this.emit(event);
  }
}

it('is told at every change, and once for several windows', () => {
  const { open, told } = scene();
  const first = open();
  const second = open();
  expect(told).toEqual([true]);
  first.be({ isSmall: true }, 'minimize');
  expect(told).toEqual([true]);
  second.be({ isShown: false }, 'hide');
  expect(told).toEqual([true, false]);
  first.be({ isSmall: false }, 'restore');
  expect(told).toEqual([true, false, true]);
  second.be({ isGone: true }, 'closed');
  first.be({ isGone: true }, 'closed');
  expect(told).toEqual([true, false, true, false]);
});
