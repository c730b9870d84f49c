// What this program writes: without what a terminal would obey, and whole before it ends.

/** Everything that moves the cursor, sets titles or fills the clipboard starts with one of these; \t and \n stay. */
// oxlint-disable-next-line no-control-regex -- they are what this is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text of a model or a server, made harmless for a terminal. */
export function withoutControl(text: string): string {
  return text.replace(CONTROL, '');
}

/**
 * Resolves when everything written so far has been taken, or nobody takes it any more: `process.exit` would throw away what
 * a slow reader of a pipe has not taken yet.
 */
export function flushed(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    // Called with an error when the reader has gone; the stream's own listener has heard of it.
    stream.write('', () => resolve());
  });
}
