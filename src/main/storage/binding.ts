// Which native build of better-sqlite3 to load: the wrong one ends the whole process with a segmentation fault.
import Database from 'better-sqlite3';
import { Failure } from './failure.ts';

/** The package's own binaries need this version of Node-API (Node 22, Electron 36). */
const NODE_API_NEEDED = 10;

/**
 * @param nodeApi `process.versions.napi`
 * @param nativeBinding a build made for this runtime, used only where the package's own does not fit
 * @returns the path to load, or undefined for the package's own
 * @throws Failure `storage_driver` when neither fits
 */
export function chooseBinding(nodeApi: string, nativeBinding: string | null): string | undefined {
  if (Number(nodeApi) >= NODE_API_NEEDED) return undefined;
  if (nativeBinding) return nativeBinding;
  throw new Failure('storage_driver', {
    reason: `Node-API ${nodeApi} is older than ${NODE_API_NEEDED}, and no other build was given`,
  });
}

/** Opens database files with the chosen build. */
export type OpenDatabase = (path: string, options: Database.Options) => Database.Database;

/** Loads the native build once, so that a build that does not load is told from a file that does not open. */
export function loadDriver(nativeBinding: string | null): OpenDatabase {
  const binding = chooseBinding(process.versions.napi ?? '0', nativeBinding);
  const options: Database.Options = binding === undefined ? {} : { nativeBinding: binding };
  try {
    new Database(':memory:', options).close();
  } catch (error) {
    throw new Failure('storage_driver', { reason: error instanceof Error ? error.message : String(error) }, error);
  }
  return (path, own) => new Database(path, { ...own, ...options });
}
