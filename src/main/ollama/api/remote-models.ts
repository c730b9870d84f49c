// Models that an Ollama does not run itself: it hands their questions on, by default to its maker's computers.

export const MAKERS_HOST = 'ollama.com';

/** Whether the name says so. A model under a name of the user's own may be one all the same: see `remoteHostOf`. */
export function isCloudModel(name: string | null): boolean {
  return name !== null && /[:-]cloud$/i.test(name);
}

/** Where its questions go; null for a model that runs where it is listed. @param told as /api/tags names the server */
export function remoteHostOf(name: string, told: string | null): string | null {
  if (told !== null) return URL.canParse(told) ? new URL(told).host : told;
  return isCloudModel(name) ? MAKERS_HOST : null;
}
