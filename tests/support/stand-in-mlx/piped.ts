// A stand-in `mlx_lm.server` whose answers come from a server of the test: a real process, and every byte can be scripted.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('piped-program.ts', import.meta.url));

/**
 * Writes the executable. What it is asked goes on to `port` of this computer; it notes its starts in `folder` as the other
 * stand-in does, and knows the same models `stand-in/unknown` and `stand-in/hangs`.
 */
export async function makePipedMlx(file: string, { folder, port }: { folder: string; port: number }): Promise<void> {
  const words = [process.execPath, '--disable-warning=ExperimentalWarning', program, folder, String(port)];
  const quoted = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  await writeFile(file, `#!/bin/sh\nunset NODE_OPTIONS ELECTRON_RUN_AS_NODE\nexec ${quoted} "$@"\n`, { mode: 0o755 });
}
