// An Ollama server for tests: real HTTP on a real socket, answers as they were recorded, faults on demand.
//
// Plain erasable TypeScript: Node 24 runs it as it is, also inside the stand-in `ollama` executable. Another process
// steers it with POST /_replay/set (a partial Behaviour), POST /_replay/release, GET /_replay/requests.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { DEFAULT_BEHAVIOUR } from './behaviour.ts';
import type { Behaviour, Fault } from './behaviour.ts';
import { createGate } from './gate.ts';
import { type Partials, playPull } from './pulls.ts';
import { chooseRecording, hasModel, tagEntries } from './recordings.ts';
import type { IncomingCall } from './recordings.ts';
import { replyFrom, scriptedLines, send } from './respond.ts';
import type { Reply } from './respond.ts';

export type { Behaviour } from './behaviour.ts';
export type { Partials, PullBehaviour } from './pulls.ts';

export interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON, else the raw text; null when there was none. */
  body: unknown;
  /** The client went away before the answer was complete. */
  aborted: boolean;
  /** The answer was sent to its end, or the fault has struck. */
  finished: boolean;
}

export interface ReplayOllama {
  /** For example `http://127.0.0.1:36865`. */
  url: string;
  host: string;
  port: number;
  /** In order of arrival; entries change while their request runs. */
  requests: SeenRequest[];
  /** Changes the named parts of the behaviour, for requests that come from now on. */
  set(change: Partial<Behaviour>): void;
  /** Lets answers go on that wait at `holdAfterRecords`. */
  release(): void;
  /** Resolves when an answer waits at `holdAfterRecords`. */
  held(): Promise<void>;
  /** Requests to one path, for example `/api/chat`. */
  requestsTo(path: string): SeenRequest[];
  /** How many connections were accepted so far. */
  connections(): number;
  /** How many of them are open now. */
  openConnections(): number;
  /** Ends every connection and refuses new ones. Idempotent. */
  close(): Promise<void>;
}

export interface ReplayOptions extends Partial<Behaviour> {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free one. Rejects with EADDRINUSE when it is taken. */
  port?: number;
  /** What is here of files that are pulled: hand the same to the server that comes after. */
  partials?: Partials;
  /** Called for every request before it is answered. */
  onRequest?: (request: SeenRequest) => void;
}

export async function startReplayOllama(options: ReplayOptions = {}): Promise<ReplayOllama> {
  const { host = '127.0.0.1', port = 0, onRequest, partials = new Map<string, number>(), ...start } = options;
  let behaviour: Behaviour = { ...DEFAULT_BEHAVIOUR, ...start };
  let faultsLeft = behaviour.fault?.times ?? Infinity;
  const gate = createGate();
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const set = (change: Partial<Behaviour>): void => {
    behaviour = { ...behaviour, ...change };
    if ('fault' in change) faultsLeft = change.fault?.times ?? Infinity;
  };
  const takeFault = (path: string): Fault | null => {
    const fault = behaviour.fault;
    if (!fault || (fault.path ?? '/api/chat') !== path || faultsLeft <= 0) return null;
    faultsLeft -= 1;
    return fault;
  };

  const server = createServer((request, response) => {
    const gone = new AbortController();
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: new URL(request.url ?? '/', 'http://x').pathname,
      headers: request.headers,
      body: null,
      aborted: false,
      finished: false,
    };
    response.on('close', () => {
      seen.aborted = !seen.finished && !response.writableFinished;
      seen.finished = !seen.aborted;
      gone.abort(new Error('the client has gone'));
    });
    void answer(request, response, seen, gone.signal).then(
      () => (seen.finished = true),
      (error: unknown) => {
        if (!gone.signal.aborted) response.destroy(error as Error);
      },
    );
  });

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    seen: SeenRequest,
    signal: AbortSignal,
  ): Promise<void> {
    const raw = await readAll(request);
    const body = parse(raw);
    seen.body = body ?? (raw === '' ? null : raw);
    if (seen.path.startsWith('/_replay/')) return control(seen.path, body, response);
    requests.push(seen);
    onRequest?.(seen);
    if (isPlayedPull(seen, body)) return pull(response, (body as { model: string }).model, signal);
    const reply = replyTo({ method: seen.method, path: seen.path, headers: seen.headers, body, raw }, behaviour);
    await send(response, reply, {
      behaviour,
      fault: takeFault(seen.path),
      gate,
      finish: () => (seen.finished = true),
      signal,
    });
  }

  /** A name that Ollama refuses is answered by the recording. */
  function isPlayedPull(seen: SeenRequest, body: unknown): boolean {
    const model = (body as { model?: unknown } | undefined)?.model;
    const isGood = typeof model === 'string' && /^[\w./:-]+$/.test(model);
    return behaviour.pull !== null && seen.path === '/api/pull' && seen.method === 'POST' && isGood;
  }

  async function pull(response: ServerResponse, model: string, signal: AbortSignal): Promise<void> {
    const current = () => behaviour.pull ?? { layers: [], bytesPerRecord: 0 };
    const isHere = await playPull(response, { model, current, partials, signal });
    if (!isHere || behaviour.models === null || hasModel(behaviour.models, model)) return;
    const name = /:[^/]*$/.test(model) ? model : `${model}:latest`;
    behaviour = { ...behaviour, models: [...behaviour.models, { name }] };
  }

  function control(path: string, body: unknown, response: ServerResponse): void {
    if (path === '/_replay/set') set(body as Partial<Behaviour>);
    if (path === '/_replay/release') gate.open();
    response.setHeader('Content-Type', 'application/json');
    response.end(path === '/_replay/requests' ? JSON.stringify(requests) : '{}');
  }

  // Idle connections stay open, as those of the real server do.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.on('connection', (socket) => {
    connections += 1;
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await listen(server, host, port);
  const actualPort = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    host,
    port: actualPort,
    requests,
    set,
    release: () => gate.open(),
    held: () => gate.held(),
    requestsTo: (path) => requests.filter((one) => one.path === path),
    connections: () => connections,
    openConnections: () => sockets.size,
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function replyTo(call: IncomingCall, behaviour: Behaviour): Reply {
  const recorded = chooseRecording(call, behaviour);
  const reply = replyFrom(recorded, behaviour.timeFactor);
  const body = (call.body ?? {}) as { model?: unknown; stream?: unknown };
  const model = typeof body.model === 'string' ? body.model : '';
  const say = (value: unknown): Reply => ({
    ...reply,
    contentType: 'application/json; charset=utf-8',
    lines: [{ ms: 0, text: JSON.stringify(value) }],
  });
  switch (recorded.name) {
    case 'version':
      return say({ version: behaviour.version });
    case 'tags':
      return say({ models: tagEntries(behaviour.models) });
    case 'ps':
      return say({ models: loadedEntries(behaviour) });
    case 'root-head':
      return { ...reply, lines: call.method === 'HEAD' ? [] : [{ ms: 0, text: 'Ollama is running' }] };
    case 'chat-missing-model':
    case 'show-missing':
      return { ...reply, lines: reply.lines.map((line) => ({ ...line, text: line.text.replace('nope', model) })) };
    case 'chat-stream':
      return behaviour.answer ? { ...reply, headersMs: 0, lines: scriptedLines(behaviour.answer, model) } : reply;
    case 'chat-nostream':
      return behaviour.answer ? say(wholeAnswer(behaviour.answer, model)) : reply;
    default:
      return reply;
  }
}

function loadedEntries(behaviour: Behaviour): Record<string, unknown>[] {
  const entries = tagEntries(behaviour.models);
  const { loaded } = behaviour;
  const isLoaded = (name: string) =>
    loaded === 'all' || loaded.includes(name) || loaded.includes(name.split(':')[0] ?? '');
  return entries
    .filter((entry) => isLoaded(String(entry.name)))
    .map((entry) => ({ ...entry, expires_at: '2026-11-20T22:25:47.856084249Z', size_vram: 0, context_length: 2048 }));
}

function wholeAnswer(answer: NonNullable<Behaviour['answer']>, model: string): unknown {
  const last = JSON.parse(scriptedLines(answer, model).at(-1)?.text ?? '{}') as { message: { content: string } };
  return { ...last, message: { role: 'assistant', content: answer.tokens.join('') } };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    // Not JSON: told by `undefined`, and answered like the real server answers it.
    return undefined;
  }
}
