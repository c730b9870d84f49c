// "Make sure this model is here": one action for every place that needs a model, and what is known of it meanwhile.
import { useEffect } from 'react';
import type { Download } from '../../../contract/downloads.ts';
import type { EnsureResult } from '../../../contract/models.ts';
import { getClient, isSameModel } from '../../lib/index.ts';
import { useModels, wantCatalogue } from './store.ts';

/**
 * Fetches a model of Ollama unless it is here. Rejects with main's error.
 *
 * @param options `isFresh` also fetches it when the registry has a newer one
 * @returns `present` when nothing had to be done, else the download, which `useDownload` follows
 */
export async function ensureModel(model: string, options: { isFresh?: boolean } = {}): Promise<EnsureResult> {
  const result = await getClient().models.ensure({ model, ...options });
  // On screen at once: the news of main comes a moment later.
  if (result.type === 'downloading') noteDownload(result.download);
  return result;
}

/** The download of a model, also of one that is done; null when there is none. */
export function useDownload(model: string | null): Download | null {
  return useModels(({ downloads }) => downloads?.downloads.find((one) => isSameModel(one.model, model)) ?? null);
}

/** How far a model is that is on its way, in whole percent; null for one that is not. */
export function useDownloadPercent(model: string | null): number | null {
  return useModels(({ downloads }) => {
    const download = downloads?.downloads.find((one) => one.state !== 'done' && isSameModel(one.model, model));
    return download ? Math.floor(download.progress * 100) : null;
  });
}

/** The size of a model's download, where the catalogue knows it; it is asked for when a screen shows one. Null for no model. */
export function useDownloadBytes(model: string | null): number | null {
  useEffect(() => {
    if (model !== null) void wantCatalogue();
  }, [model]);
  return useModels(({ catalogue }) => {
    if (model === null) return null;
    const variants = catalogue?.entries.flatMap((entry) => entry.variants) ?? [];
    return variants.find((variant) => isSameModel(variant.model, model))?.downloadBytes ?? null;
  });
}

function noteDownload(download: Download): void {
  useModels.setState(({ downloads }) => {
    const known = downloads?.downloads.find(({ id }) => id === download.id);
    // What main told of one that runs is newer.
    if (downloads === null || (known && known.state !== 'done')) return {};
    const others = downloads.downloads.filter((one) => one !== known);
    return { downloads: { ...downloads, downloads: [download, ...others] } };
  });
}
