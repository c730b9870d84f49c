// The desktop start.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import { builtPrograms } from './programs.ts';
import { runDesktop } from './shell/index.ts';

const mainFolder = path.dirname(fileURLToPath(import.meta.url));

runDesktop({ programs: builtPrograms(mainFolder), mainFolder, version: manifest.version });
