// Bodies between the web's types and node:http, with as little in between as possible.
import type { IncomingMessage } from 'node:http';
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

/**
 * The body of an answer. What has arrived is handed out before a broken connection is told; an abort ends it at once with
 * the signal's reason. Cancelling it ends the connection.
 */
export function bodyStream(message: IncomingMessage, signal: AbortSignal | null): ReadableStream<Uint8Array> {
  const arrived: Uint8Array[] = [];
  let arrivedBytes = 0;
  let end: { failure: Error | null } | null = null;
  let hand: (() => void) | null = null;
  const finish = (failure: Error | null): void => {
    end ??= { failure };
    hand?.();
  };
  let stop = (): void => {};
  const release = () => signal?.removeEventListener('abort', stop);

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = () => {
          release();
          hand = null;
          controller.error(signal?.reason);
          message.destroy();
        };
        message.on('data', (chunk: Uint8Array) => {
          arrived.push(chunk);
          arrivedBytes += chunk.byteLength;
          if (arrivedBytes > READ_AHEAD_BYTES) message.pause();
          hand?.();
        });
        message.on('end', () => finish(null));
        message.on('error', finish);
        message.on('close', () => finish(new Error('the connection was closed')));
        if (signal?.aborted) stop();
        else signal?.addEventListener('abort', stop, { once: true });
      },
      pull(controller) {
        return new Promise<void>((resolve) => {
          hand = () => {
            const chunk = arrived.shift();
            if (chunk !== undefined) {
              arrivedBytes -= chunk.byteLength;
              if (message.isPaused() && arrivedBytes === 0) message.resume();
              controller.enqueue(chunk);
            } else if (end !== null) {
              release();
              if (end.failure === null) controller.close();
              else controller.error(end.failure);
            } else return;
            hand = null;
            resolve();
          };
          hand();
        });
      },
      cancel() {
        release();
        end = { failure: null };
        hand = null;
        message.destroy();
      },
    },
    // Read-ahead is counted above; the stream itself holds nothing back that an error could swallow.
    { highWaterMark: 0 },
  );
}
