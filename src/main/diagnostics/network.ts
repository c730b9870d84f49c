// Main's one way out: a fetch over node:http that can be aborted at every stage and has no hidden limits.
//
// Node's own fetch gives up after 300 s without headers (a large model loads longer) and costs twice the time to the first
// byte; here a request is one node:http call over a kept-alive connection. Redirects are not followed (the caller sees the
// 3xx: every host that is spoken to must be known); a packed body, which nobody asks for, is unpacked (network-unpack.ts).
import type { OutgoingHttpHeaders } from 'node:http';
import { bodyStream, requestBody } from './network-body.ts';
import { type Answer, type Call, createRequester, type FetchOptions } from './network-request.ts';

/** Like the global fetch; rejects with a HearthError (`backend_unreachable`, `backend_connect_timeout`, …) or the signal's reason. */
export interface Fetch {
  (input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** The same without the web's classes: they cost the first token 0.15 ms. */
  post(url: string, init: { headers: OutgoingHttpHeaders; body: string; signal: AbortSignal }): Promise<Answer>;
  /** Ends the connections that are kept open; those in use end with their answers. */
  close(): void;
}

const NO_BODY_STATUSES = new Set([204, 205, 304]);

export function createFetch(options: FetchOptions): Fetch {
  const requester = createRequester(options);
  const hearthFetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const call = callFrom(input, init);
    return responseFrom(await requester.send(call), call.method);
  };
  return Object.assign(hearthFetch, {
    post(url: string, { headers, body, signal }: { headers: OutgoingHttpHeaders; body: string; signal: AbortSignal }) {
      const bytes = Buffer.from(body);
      return requester.send({
        url: new URL(url),
        method: 'POST',
        headers: { ...headers, 'content-length': bytes.length },
        body: { bytes, stream: null, contentType: null },
        signal,
      });
    },
    close: () => requester.close(),
  });
}

function callFrom(input: RequestInfo | URL, init: RequestInit): Call {
  const request = input instanceof Request ? input : null;
  const url = new URL(input instanceof Request ? input.url : input);
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase();
  const headers: OutgoingHttpHeaders = {};
  for (const source of [request?.headers, init.headers]) {
    if (source === undefined) continue;
    for (const [name, value] of new Headers(source)) headers[name] = value;
  }
  const body = requestBody(init.body ?? request?.body ?? null);
  if (body.bytes !== null) headers['content-length'] = body.bytes.length;
  if (body.contentType !== null) headers['content-type'] ??= body.contentType;
  return { url, method, headers, body, signal: init.signal ?? request?.signal ?? null };
}

function responseFrom({ status, statusText, rawHeaders, body }: Answer, method: string): Response {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  const init = { status, statusText, headers };
  if (method !== 'HEAD' && !NO_BODY_STATUSES.has(status)) return new Response(bodyStream(body), init);
  // Takes the end of the empty body, so that the connection can be used again.
  void body.read().catch(() => undefined);
  return new Response(null, init);
}
