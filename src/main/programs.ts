// Where the built programs lie that run beside main.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Programs } from './services.ts';

/** @param mainFolder the folder of the built main program, `out/main` */
export function builtPrograms(mainFolder: string): Programs {
  return {
    storageWorker: pathToFileURL(path.join(mainFolder, 'storage-worker.js')),
    llamaEngine: path.join(mainFolder, 'llama-engine.js'),
    appRoot: path.join(mainFolder, '../..'),
  };
}
