// "Make sure this model is here": fetched only when it is missing, or outdated where that was asked.
import { createFetch, type Log } from '../diagnostics/index.ts';
import { toErrorInfo } from '../errors/index.ts';
import type { Places } from '../ollama/index.ts';
import type { SettingsStore } from '../settings/index.ts';
import { manifestDigests } from './downloads/manifest.ts';
import { isPlainHttp, modelKey, parseModelName, requireModelName } from './downloads/name.ts';
import type { Downloads, EnsureModel } from './interface.ts';

export interface EnsureOptions {
  places: Pick<Places, 'open'>;
  downloads: Pick<Downloads, 'add'>;
  settings: Pick<SettingsStore, 'get'>;
  log: Log;
  /** Takes a deletion back that waits for its time. */
  keep: (model: string) => void;
  /** How long a registry may take to say what it has. Default 10 s. */
  registryMs?: number;
}

/**
 * Rejects with `model_name_invalid`, or with why there is no Ollama to ask. A registry that does not answer is no reason to
 * reject: the model that is here is as good as before, only not checked.
 */
export function createEnsureModel({
  places,
  downloads,
  settings,
  log,
  keep,
  registryMs = 10_000,
}: EnsureOptions): EnsureModel {
  /** Null when the registry did not say. */
  async function newestDigests(model: string, isInsecure: boolean, signal: AbortSignal): Promise<string[] | null> {
    const name = parseModelName(model);
    if (name === null) return null;
    const fetch = createFetch({
      purpose: 'ask a registry for the newest version of a model',
      service: name.host,
      connectTimeoutMs: () => settings.get().timeouts.connectMs,
      proxy: () => settings.get().engine.proxy,
    });
    const limit = AbortSignal.timeout(registryMs);
    try {
      return await manifestDigests({ fetch, name, isInsecure }, AbortSignal.any([signal, limit]));
    } catch (error) {
      signal.throwIfAborted();
      const { code, detail } = toErrorInfo(error);
      log.info('A registry did not say what it has', { host: name.host, code, detail });
      return null;
    } finally {
      fetch.close();
    }
  }

  return async ({ model, isFresh, isInsecure: isAllowed }, signal) => {
    requireModelName(model);
    const isInsecure = isAllowed || isPlainHttp(model);
    keep(model);
    const { client } = await places.open(signal);
    const listed = await client.list(signal);
    const here = listed.find(({ name }) => modelKey(name) === modelKey(model));
    const fetchIt = async (reason: 'missing' | 'outdated') => ({
      type: 'downloading' as const,
      reason,
      download: await downloads.add({ model, isInsecure }),
    });
    if (here === undefined) return fetchIt('missing');
    if (!isFresh) return { type: 'present', wasChecked: false };
    const newest = await newestDigests(model, isInsecure, signal);
    if (newest === null) return { type: 'present', wasChecked: false };
    const digest = (here.digest ?? '').replace(/^sha256:/, '');
    return newest.includes(digest) ? { type: 'present', wasChecked: true } : fetchIt('outdated');
  };
}
