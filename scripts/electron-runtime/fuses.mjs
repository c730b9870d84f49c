// Electron's fuses: switches in the program file that decide at start what it allows. Only what we need to set.
import { readFileSync, writeFileSync } from 'node:fs';

/** Marks the place in the program file; a version byte, a length byte and one character a fuse follow. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Positions in version 1 of the wire. */
export const fuse = { allowInspectArguments: 3, loadBrowserSnapshot: 6 };
const state = { on: '1'.charCodeAt(0), off: '0'.charCodeAt(0) };

/**
 * Sets fuses in an Electron program file.
 * @param {string} file
 * @param {Record<number, 'on' | 'off'>} wanted by position, see `fuse`
 * @throws when the file holds no fuses, other ones than expected, or lacks one of these
 */
export function setFuses(file, wanted) {
  const program = readFileSync(file);
  const at = program.indexOf(SENTINEL);
  if (at < 0) throw new Error(`${file} holds no fuses`);
  const [version, length] = program.subarray(at + SENTINEL.length);
  if (version !== 1) throw new Error(`${file}: fuses of version ${version}, expected 1`);
  for (const [position, value] of Object.entries(wanted)) {
    const index = at + SENTINEL.length + 2 + Number(position);
    const isKnown = program[index] === state.on || program[index] === state.off;
    if (Number(position) >= length || !isKnown) throw new Error(`${file}: no fuse at ${position}`);
    program[index] = state[value];
  }
  writeFileSync(file, program);
}
