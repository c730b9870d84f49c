// What a registry has under a name today: the digest of its manifest, as /api/tags tells the one that is here.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Fetch } from '../../diagnostics/index.ts';
import type { ModelNameParts } from './name.ts';

const ACCEPT = 'application/vnd.docker.distribution.manifest.v2+json';
const REDIRECTS_MAX = 3;
/** A manifest has some hundred bytes a file. */
const BODY_MAX_BYTES = 4 * 1024 * 1024;

export interface ManifestRequest {
  fetch: Fetch;
  name: ModelNameParts;
  /** Plain http instead of https. */
  isInsecure: boolean;
}

/**
 * Asks the registry once, following redirects as Ollama does, but from https never to http.
 * @returns the digests (64 hex digits) that the manifest may have here: Ollama keeps it as it came or, in older versions, as Go
 *   writes it; null when the registry gave no manifest
 * @throws what the fetch throws, or the signal's reason
 */
export async function manifestDigests(request: ManifestRequest, signal: AbortSignal): Promise<string[] | null> {
  const { fetch, isInsecure } = request;
  const { host, namespace, model, tag } = request.name;
  let url = new URL(`${isInsecure ? 'http' : 'https'}://${host}/v2/${namespace}/${model}/manifests/${tag}`);
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const response = await fetch(url, { headers: { accept: ACCEPT }, signal });
    const { status, headers } = response;
    if (status === 200) return digestsOf(await bodyOf(response));
    await response.body?.cancel();
    const location = headers.get('location');
    if (status < 300 || status >= 400 || location === null || !URL.canParse(location, url)) return null;
    const next = new URL(location, url);
    if (next.protocol !== 'https:' && next.protocol !== url.protocol) return null;
    url = next;
  }
  return null;
}

/** Null when it is longer than any manifest. */
async function bodyOf(response: Response): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    bytes += piece.byteLength;
    if (bytes > BODY_MAX_BYTES) return null;
  }
  return Buffer.concat(pieces);
}

const Layer = z.object({ mediaType: z.string(), digest: z.string(), size: z.number() });
const Manifest = z.object({
  schemaVersion: z.number(),
  mediaType: z.string(),
  config: Layer,
  layers: z.array(Layer),
});

function digestsOf(body: Uint8Array | null): string[] | null {
  if (body === null) return null;
  const manifest = Manifest.safeParse(parse(Buffer.from(body).toString('utf8')));
  if (!manifest.success) return null;
  // zod gives the fields in the order above, which is that of Ollama's structures.
  return [sha256(body), sha256(JSON.stringify(manifest.data))];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page of a proxy, for example: no manifest.
    return null;
  }
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
