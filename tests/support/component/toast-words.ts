// The words of the toast, for tests that mount its place without the window.
import type { ToastWords } from '../../../src/renderer/ui/index.ts';

export const TOAST_WORDS: ToastWords = {
  region: 'Messages',
  dismiss: 'Dismiss',
  undo: 'Undo',
  undoAll: 'Undo all',
  deletions: (count) => `${count} deletions`,
};
