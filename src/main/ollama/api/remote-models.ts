// Models that an Ollama does not run itself: it hands their questions on, by default to its maker's computers.
import type { ListedModel } from './client.ts';

export const MAKERS_HOST = 'ollama.com';

/** Whether the name says so. A model under a name of the user's own may be one all the same: see `remoteHostOf`. */
export function isCloudModel(name: string | null): boolean {
  return name !== null && /[:-]cloud$/i.test(name);
}

/** Where its questions go, as /api/tags tells it; null for a model that runs where it is listed. */
export function remoteHostOf({ name, remote_host: remote }: ListedModel): string | null {
  if (typeof remote === 'string' && remote !== '') return URL.canParse(remote) ? new URL(remote).host : remote;
  return isCloudModel(name ?? null) ? MAKERS_HOST : null;
}
