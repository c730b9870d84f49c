// The blobs of an Ollama: whether one is there, and sending one from a file.
import { createReadStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import type { Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { requireOllama } from './failures.ts';
import { type Limit, withLimit } from './manage-limit.ts';

export interface BlobUpload {
  path: string;
  /** `sha256:` and 64 hexadecimal digits. */
  digest: string;
  sizeBytes: number;
  /** Told as bytes leave. */
  onProgress: (sentBytes: number) => void;
}

export interface OllamaBlobs {
  hasBlob(digest: string, signal: AbortSignal): Promise<boolean>;
  /** Ollama checks the digest and keeps nothing that does not match. Rejects with `file_unreadable` for the file's own faults. */
  uploadBlob(upload: BlobUpload, signal: AbortSignal): Promise<void>;
}

const CHUNK_BYTES = 1024 * 1024;

export function beginBlobs(options: { fetch: Fetch; origin: string; host: string; silence: Limit }): OllamaBlobs {
  const { fetch, origin, host, silence } = options;
  const urlOf = (digest: string) => `${origin}/api/blobs/${digest}`;
  return {
    hasBlob: (digest, signal) =>
      withLimit(signal, silence, async (limited) => {
        const { status, headers } = await fetch(urlOf(digest), { method: 'HEAD', signal: limited });
        if (status === 404) return false;
        const said = () => Promise.resolve('');
        await requireOllama({ status, header: (name) => headers.get(name), said }, host, null);
        return true;
      }),
    uploadBlob: ({ path, digest, sizeBytes, onProgress }, signal) =>
      withLimit(signal, silence, async (limited, goOn) => {
        let sentBytes = 0;
        // No more than was promised: a file that grows meanwhile would break the request.
        const file = createReadStream(path, { highWaterMark: CHUNK_BYTES, end: Math.max(0, sizeBytes - 1) });
        const counted = new Transform({
          transform(chunk: Uint8Array, _encoding, done) {
            sentBytes += chunk.byteLength;
            goOn();
            onProgress(sentBytes);
            done(null, chunk);
          },
          flush(done) {
            if (sentBytes === sizeBytes) return done();
            fault = unreadable(path, 'changed', new Error(`${sentBytes} of ${sizeBytes} bytes`));
            done(fault);
          },
        });
        let fault: HearthError | null = null;
        file.once('error', (error: NodeJS.ErrnoException) => {
          fault = unreadable(path, NAMED.has(error.code ?? '') ? (error.code ?? '') : 'other', error);
          counted.destroy(fault);
        });
        try {
          const response = await fetch(urlOf(digest), {
            method: 'POST',
            headers: { 'content-type': 'application/octet-stream', 'content-length': String(sizeBytes) },
            body: Readable.toWeb(file.pipe(counted)) as unknown as ReadableStream<Uint8Array>,
            signal: limited,
          });
          const said = await response.text();
          const header = (name: string) => response.headers.get(name);
          await requireOllama({ status: response.status, header, said: () => Promise.resolve(said) }, host, null);
        } catch (error) {
          // The request broke because its body did.
          throw fault ?? error;
        } finally {
          file.destroy();
          counted.destroy();
        }
      }),
  };
}

/** Those that have words of their own. */
const NAMED = new Set(['ENOENT', 'EACCES', 'EPERM']);

function unreadable(path: string, why: string, cause: NodeJS.ErrnoException): HearthError {
  const reason = text(`ollama:file.${why}`, { code: cause.code ?? 'unknown' });
  return new HearthError('file_unreadable', { path, reason }, { cause });
}
