// Bodies between node:http and the web's types, with as little in between as possible.
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

/** Read ahead at most this much of a body that nobody takes; then the connection is told to wait. */
const READ_AHEAD_BYTES = 256 * 1024;

export interface RequestBody {
  /** The whole body, when it is known beforehand. */
  bytes: Buffer | null;
  /** The body as it comes, else. */
  stream: Readable | null;
  contentType: string | null;
}

export function requestBody(body: BodyInit | null): RequestBody {
  if (body === null) return { bytes: null, stream: null, contentType: null };
  if (typeof body === 'string')
    return { bytes: Buffer.from(body), stream: null, contentType: 'text/plain;charset=UTF-8' };
  if (ArrayBuffer.isView(body))
    return { bytes: Buffer.from(body.buffer, body.byteOffset, body.byteLength), stream: null, contentType: null };
  // Everything else as the web's own classes see it.
  const { body: stream, headers } = new Response(body);
  return {
    bytes: null,
    stream: stream === null ? null : Readable.fromWeb(stream as NodeReadableStream),
    contentType: headers.get('content-type'),
  };
}

/** The body of an answer, taken piece by piece. */
export interface ByteSource {
  /**
   * The next piece, null after the last. What has arrived is handed out before a broken connection is told; an abort is told
   * at once, with the signal's reason. One call at a time.
   */
  read(): Promise<Uint8Array | null>;
  /** Ends the connection. Idempotent; nothing happens after the end. */
  cancel(): void;
}

export function byteSource(message: Readable, signal: AbortSignal | null): ByteSource {
  const arrived: Uint8Array[] = [];
  let arrivedBytes = 0;
  let end: { failure: unknown } | null = null;
  let waiting: { resolve: (piece: Uint8Array | null) => void; reject: (reason: unknown) => void } | null = null;

  const finish = (failure: unknown): void => {
    if (end !== null) return;
    end = { failure };
    signal?.removeEventListener('abort', stop);
    if (waiting === null) return;
    if (failure === null) waiting.resolve(null);
    else waiting.reject(failure);
    waiting = null;
  };
  const stop = (): void => {
    arrived.length = 0;
    finish(signal?.reason);
    message.destroy();
  };
  message.on('data', (chunk: Uint8Array) => {
    if (waiting !== null) {
      waiting.resolve(chunk);
      waiting = null;
      return;
    }
    arrived.push(chunk);
    arrivedBytes += chunk.byteLength;
    if (arrivedBytes > READ_AHEAD_BYTES) message.pause();
  });
  message.on('end', () => finish(null));
  message.on('error', finish);
  message.on('close', () => finish(new Error('the connection was closed')));
  if (signal?.aborted) stop();
  else signal?.addEventListener('abort', stop, { once: true });

  return {
    read() {
      const chunk = arrived.shift();
      if (chunk !== undefined) {
        arrivedBytes -= chunk.byteLength;
        if (arrivedBytes === 0 && message.isPaused()) message.resume();
        return Promise.resolve(chunk);
      }
      if (end === null)
        return new Promise((resolve, reject) => {
          waiting = { resolve, reject };
        });
      return end.failure === null ? Promise.resolve(null) : Promise.reject(end.failure);
    },
    cancel() {
      arrived.length = 0;
      finish(null);
      message.destroy();
    },
  };
}

/** The same as the web sees it. */
export function bodyStream(source: ByteSource): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await source.read();
        if (piece === null) controller.close();
        else controller.enqueue(piece);
      },
      cancel: () => source.cancel(),
    },
    // The source reads ahead; a queue here would be thrown away by an error that comes after it.
    { highWaterMark: 0 },
  );
}
