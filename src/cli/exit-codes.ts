// How `hearth` ends, for scripts. Documented in docs/user-guide.md; the numbers do not change.

export const EXIT = {
  /** A model answered; a check found everything in order. */
  answered: 0,
  failed: 1,
  usage: 2,
  /** The demo answered, no model did. */
  demo: 3,
  /** Ended by the user (Ctrl C), as shells count it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
