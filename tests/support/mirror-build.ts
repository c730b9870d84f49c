// A release mirror on this computer, and a build of Hearth that takes the mirror's release for the tested one.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { assetFor, PINNED } from '../../src/main/ollama/install/releases.ts';
import { archiveOf } from './release-mirror/archives.ts';
import { type ReleaseMirror, sha256, startReleaseMirror } from './release-mirror/index.ts';
import { makeStandInOllama, type StandInBehaviour } from './stand-in-ollama/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface MirrorBuild {
  mirror: ReleaseMirror;
  /** The folder of that build: hand it to `start`. */
  program: string;
  version: string;
  /** Of the archive. */
  bytes: number;
  /** Where the stand-in of the release tells of itself. */
  standIn: string;
}

/**
 * The tested release's checksum stands in the program, and nothing but the makers' own archive has it: so the built program is
 * copied, and this one number is the mirror's. All else is as it is shipped.
 *
 * @param folder of the test's own
 */
export async function buildForMirror(folder: string, behaviour: StandInBehaviour): Promise<MirrorBuild> {
  const asset = assetFor(process.platform, process.arch);
  const known = asset === null ? undefined : PINNED.assets[asset.name];
  if (asset === null || !known?.sha256) throw new Error('there is no release for this system');
  const { version } = PINNED;
  const standIn = path.join(folder, 'stand-in');
  const executable = readFileSync(await makeStandInOllama(standIn, { version, ...behaviour }));
  const archive = archiveOf(asset.name, [
    { name: asset.program, content: executable, mode: 0o755 },
    // Long enough for being cut in the middle, and packing makes it no shorter.
    { name: 'lib/ollama/libggml.so', content: randomBytes(2_000_000) },
  ]);
  const mirror = await startReleaseMirror();
  mirror.publish(version, { [asset.name]: archive });

  const program = path.join(folder, 'program');
  mkdirSync(program);
  for (const name of ['bin', 'out', 'package.json', 'resources'])
    cpSync(path.join(root, name), path.join(program, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(program, 'node_modules'), 'junction');
  const pinned = new RegExp(String.raw`sizeBytes:\s*[\w.]+,\s*sha256:\s*([\x60'"])${known.sha256}\1`);
  let replaced = 0;
  for (const file of readdirSync(path.join(program, 'out/main'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const built = path.join(program, 'out/main', file);
    const code = readFileSync(built, 'utf8');
    if (!pinned.test(code)) continue;
    writeFileSync(built, code.replace(pinned, `sizeBytes:${archive.length},sha256:"${sha256(archive)}"`));
    replaced += 1;
  }
  if (replaced !== 1) throw new Error(`the pinned release stands ${replaced} times in the built program`);
  return { mirror, program, version, bytes: archive.length, standIn };
}
