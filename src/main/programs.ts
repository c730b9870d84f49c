// Where the built programs lie that run beside main.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where the programs that run beside main lie: built files in production, TypeScript in tests. */
export interface Programs {
  storageWorker: URL;
  llamaEngine: string;
  /** The folder of the installation: node_modules and resources are looked for here. */
  appRoot: string;
}

/** @param mainFolder the folder of the built main program, `out/main` */
export function builtPrograms(mainFolder: string): Programs {
  return {
    storageWorker: pathToFileURL(path.join(mainFolder, 'storage-worker.js')),
    llamaEngine: path.join(mainFolder, 'llama-engine.js'),
    appRoot: path.join(mainFolder, '../..'),
  };
}
