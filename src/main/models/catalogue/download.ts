// Fetches a catalogue from the address of the settings: only that address, only so much, only so long.
import { createFetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';

const MAX_BYTES = 2_000_000;
const LIMIT_MS = 30_000;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

interface DownloadOptions {
  url: string;
  /** Of the settings, for what is not on this computer. */
  proxy: string | null;
  signal: AbortSignal;
  limitMs?: number;
}

/**
 * The text that is there.
 * @throws HearthError `catalogue_unreachable`, `catalogue_invalid` when it is too long; the signal's reason
 */
export async function downloadCatalogue({ url, proxy, signal, limitMs = LIMIT_MS }: DownloadOptions): Promise<string> {
  const address = allowedAddress(url);
  const fetch = createFetch({
    purpose: 'refresh the catalogue',
    service: address.host,
    proxy: () => proxy,
  });
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await fetch(address, { signal: AbortSignal.any([signal, limit]) });
    if (response.status !== 200) throw unreachable(url, text('ollama:catalogue.status', { status: response.status }));
    return await limitedText(response, url);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (limit.aborted) throw unreachable(url, text('ollama:catalogue.slow', { seconds: limitMs / 1_000 }), error);
    if (error instanceof HearthError && error.code.startsWith('catalogue_')) throw error;
    throw unreachable(url, reasonOf(error), error);
  } finally {
    fetch.close();
  }
}

/** Without encryption anybody on the way could name models; on this computer nobody is on the way. */
function allowedAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : null;
  const isAllowed =
    address?.protocol === 'https:' || (address?.protocol === 'http:' && LOOPBACK.test(address.hostname));
  if (address === null || !isAllowed) throw unreachable(url, text('ollama:catalogue.address'));
  return address;
}

async function limitedText(response: Response, url: string): Promise<string> {
  const decoder = new TextDecoder();
  let received = 0;
  let body = '';
  for await (const piece of response.body ?? []) {
    received += piece.byteLength;
    if (received > MAX_BYTES)
      throw new HearthError('catalogue_invalid', { url }, { detail: `over ${MAX_BYTES} bytes` });
    body += decoder.decode(piece, { stream: true });
  }
  return body + decoder.decode();
}

/** The plain fact behind our own sentence, which would be one too many here. */
function reasonOf(error: unknown): string {
  if (error instanceof HearthError) return error.detail ?? error.message;
  return error instanceof Error ? error.message : String(error);
}

function unreachable(url: string, reason: string, cause?: unknown): HearthError {
  return new HearthError('catalogue_unreachable', { url, reason }, { cause });
}
