// The models here, those on their way, and those one could get, as main tells them.
import { create } from 'zustand';
import type { DownloadsStatus } from '../../../contract/downloads.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { Catalogue, ModelsStatus } from '../../../contract/models.ts';
import { asErrorInfo, getClient, watch, whileVisible } from '../../lib/index.ts';

interface ModelsStore {
  /** Null until main has told. */
  models: ModelsStatus | null;
  /** Why nothing was told of the models yet. */
  problem: ErrorInfo | null;
  downloads: DownloadsStatus | null;
  /** Asked for when a screen needs it: `loadCatalogue`. */
  catalogue: Catalogue | null;
}

const EMPTY: ModelsStore = { models: null, problem: null, downloads: null, catalogue: null };

export const useModels = create<ModelsStore>()(() => EMPTY);

/** Follows installed models and downloads until the signal aborts, while the window can be seen: main looks for them. */
export async function followModels(signal: AbortSignal): Promise<void> {
  useModels.setState(EMPTY);
  await whileVisible(
    (visible) =>
      Promise.all([
        watch(
          (options) => getClient().models.watch(undefined, options),
          (models) => useModels.setState({ models, problem: null }),
          {
            signal: visible,
            onError: (error) => {
              if (useModels.getState().models === null) useModels.setState({ problem: asErrorInfo(error) });
            },
          },
        ),
        watch(
          (options) => getClient().downloads.watch(undefined, options),
          (downloads) => useModels.setState({ downloads }),
          { signal: visible },
        ),
      ]),
    signal,
  );
}

/** One asking for all who only want to know a size. */
let asking: Promise<void> | null = null;

/** Asks main for the catalogue unless it is here or asked for. Never rejects: without it sizes are not told. */
export async function wantCatalogue(): Promise<void> {
  if (useModels.getState().catalogue !== null) return;
  asking ??= loadCatalogue()
    .catch(() => undefined)
    .finally(() => {
      asking = null;
    });
  await asking;
}

/** Asks main for the catalogue with what fits now. Rejects with main's error. */
export async function loadCatalogue(): Promise<void> {
  useModels.setState({ catalogue: await getClient().catalogue.get() });
}

/** Has main fetch the catalogue from the address of the settings. Rejects with main's error; what was there stays. */
export async function refreshCatalogue(): Promise<void> {
  useModels.setState({ catalogue: await getClient().catalogue.refresh() });
}
