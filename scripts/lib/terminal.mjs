// What the scripts say: short lines on stderr, so that the output of `hearth ask` stays clean.

/** A failure with a sentence for people; `main` prints it without a stack. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** One line of progress. */
export function say(line) {
  process.stderr.write(`hearth: ${line}\n`);
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
