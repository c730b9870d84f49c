// Work on the same thing, one after the other.

/** Returns a function that runs work for a key when the work before it for this key has ended, however it ended. */
export function oneAtATime(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const lasts = new Map<string, Promise<void>>();
  return async (key, work) => {
    const before = lasts.get(key);
    let leave = () => {};
    const mine = new Promise<void>((resolve) => {
      leave = resolve;
    });
    lasts.set(key, mine);
    try {
      await before;
      return await work();
    } finally {
      if (lasts.get(key) === mine) lasts.delete(key);
      leave();
    }
  };
}
