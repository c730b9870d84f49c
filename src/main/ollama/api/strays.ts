// What comes in a stream and is no record of it: passed over in a good stream, told where nothing else comes.

/** So much of it, before anything that is known, is no stream of records. */
const STRAY_MAX_CHARS = 64 * 1024;

export interface Strays {
  /** A record that is known has come. */
  known(): void;
  /** Takes what nobody knows. Throws the error for it as soon as no stream of records can be expected any more. */
  take(said: string): void;
  /** Throws the error for what came, where nothing known did. To be called when the stream has ended. */
  end(): void;
}

/**
 * @param options.failure the error for a stream that began with these words
 * @param options.isPage whether words are the beginning of a web page, for which nobody waits
 */
export function createStrays(options: { failure: (said: string) => Error; isPage: (said: string) => boolean }): Strays {
  let first: string | null = null;
  let chars = 0;
  let hasKnown = false;
  return {
    known() {
      hasKnown = true;
    },
    take(said) {
      if (hasKnown || said.trim() === '') return;
      first ??= said;
      chars += said.length;
      if (chars > STRAY_MAX_CHARS || options.isPage(said)) throw options.failure(first);
    },
    end() {
      if (!hasKnown && first !== null) throw options.failure(first);
    },
  };
}

/** Data that was to be a piece of an answer and can't be read: what it said is lost, so it is not passed over. */
export function isBrokenPiece(said: string): boolean {
  return /^\s*\{/.test(said) && /"(?:choices|delta|content|message|response)"\s*:/.test(said);
}
