// What the scripts say: short lines on stderr, so that the output of `hearth ask` stays clean.

/** A failure with a sentence for people; `main` prints it without a stack. */
export class SetupError extends Error {
  name = 'SetupError';
}

const CLEAR_LINE = '\r\u001B[K';
const COLUMNS = 80;
/** How often a step that takes long is told of: redrawn in a terminal, a line more elsewhere. */
const REDRAW_MS = 1_000;
const LINE_EVERY_MS = 20_000;

/** Ends the line that is redrawn, where one is. */
let leaveLine = () => {};

/** One line of progress. */
export function say(line) {
  leaveLine();
  process.stderr.write(`hearth: ${line}\n`);
}

/**
 * Says what is done, and while it takes long, for how many seconds already and how far it is.
 * @template T
 * @param {string} line what is done, with what it needs: a size or about how long
 * @param {() => Promise<T>} work
 * @param {object} [options]
 * @param {() => string} [options.howFar] for example `43 MB of about 120 MB`; empty while nothing is known
 * @param {NodeJS.WriteStream} [options.stream]
 * @returns {Promise<T>}
 */
export async function during(line, work, { howFar = () => '', stream = process.stderr } = {}) {
  const startedAtMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedAtMs) / 1_000);
  const now = () => [`hearth: ${line}`, `${seconds()} s so far`, howFar()].filter(Boolean).join(', ');
  leaveLine();
  // A line that is redrawn stays when the next one begins; it may not be longer than the terminal is wide.
  const draw = () => stream.write(`${CLEAR_LINE}${now().slice(0, (stream.columns || COLUMNS) - 1)}`);
  stream.write(stream.isTTY ? `hearth: ${line}`.slice(0, (stream.columns || COLUMNS) - 1) : `hearth: ${line}\n`);
  const timer = setInterval(
    () => (stream.isTTY ? draw() : stream.write(`${now()}\n`)),
    stream.isTTY ? REDRAW_MS : LINE_EVERY_MS,
  );
  leaveLine = () => {
    leaveLine = () => {};
    clearInterval(timer);
    if (stream.isTTY) stream.write('\n');
  };
  try {
    return await work();
  } finally {
    clearInterval(timer);
    leaveLine();
  }
}

/**
 * Runs a script's body and turns its failures into a sentence and exit code 1.
 * @param {() => Promise<number | void>} body its number becomes the exit code
 */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (error instanceof SetupError) say(error.message);
    else console.error(error);
    process.exitCode = 1;
  }
}
