// A plain service for tests: POST {query}, one answer, faults on demand.
import { createGate } from './replay-ollama/gate.ts';
import {
  type Call,
  cut,
  forever,
  PAGE,
  type ScriptedServer,
  sendWhole,
  startScriptedServer,
  writeBytes,
} from './scripted-server.ts';

export type QueryFault = (
  | { kind: 'status'; status: number; body: string; contentType?: string; headers?: Record<string, string> }
  | { kind: 'html' }
  /** Status 200 and no body. */
  | { kind: 'empty' }
  | { kind: 'hang-up' }
  /** Neither headers nor an end. */
  | { kind: 'no-headers' }
  /** The connection breaks in the middle of the body. */
  | { kind: 'cut' }
  /** Nothing more comes after half of the body. */
  | { kind: 'stall' }
) & { /** How many questions it strikes. Default all. */ times?: number };

export interface QueryBehaviour {
  /** The body of the answer: to every question the same, or to each its own. */
  body: string | ((question: string) => string);
  contentType: string;
  /** Every request needs it. */
  key: string | null;
  /** Questions wait before the headers, or in the middle of the body, until `release()`. */
  holdAt: 'headers' | 'middle' | null;
  splitBytes: number | null;
  fault: QueryFault | null;
}

const DEFAULTS: QueryBehaviour = {
  body: JSON.stringify({ response: 'Hello there.' }),
  contentType: 'application/json',
  key: null,
  holdAt: null,
  splitBytes: null,
  fault: null,
};

export interface ScriptedQuery extends ScriptedServer {
  /** What is asked. */
  url: string;
  set(change: Partial<QueryBehaviour>): void;
  release(): void;
  /** Resolves when an answer waits. */
  held(): Promise<void>;
  /** The questions, in order of arrival. */
  questions(): ScriptedServer['requests'];
}

export async function startScriptedQuery(
  options: Partial<QueryBehaviour> & { port?: number } = {},
): Promise<ScriptedQuery> {
  const { port = 0, ...start } = options;
  let behaviour: QueryBehaviour = { ...DEFAULTS, ...start };
  let faultsLeft = behaviour.fault?.times ?? Infinity;
  const gate = createGate();
  const server = await startScriptedServer(
    async (call) => {
      const now = behaviour;
      if (call.seen.method !== 'POST') return sendWhole(call, 405, 'text/plain', 'Method Not Allowed');
      if (now.key !== null && call.seen.headers.authorization !== `Bearer ${now.key}`)
        return sendWhole(call, 401, 'application/json', '{"detail":"Not authenticated"}');
      const fault = faultsLeft > 0 ? now.fault : null;
      faultsLeft -= fault === null ? 0 : 1;
      if (now.holdAt === 'headers') await gate.pass(call.signal);
      if (await struck(call, now, fault)) return;
      const { query } = call.seen.body as { query: string };
      const bytes = Buffer.from(typeof now.body === 'function' ? now.body(query) : now.body);
      const middle = Math.floor(bytes.length / 2);
      // In chunks of HTTP the pieces stay pieces on their way.
      const length = now.splitBytes === null ? { 'content-length': bytes.length } : {};
      call.response.writeHead(200, { 'content-type': now.contentType, ...length });
      await writeBytes(call, bytes.subarray(0, middle), now.splitBytes);
      if (now.holdAt === 'middle') await gate.pass(call.signal);
      if (fault?.kind === 'stall') await forever(call.signal);
      if (fault?.kind === 'cut') return cut(call);
      await writeBytes(call, bytes.subarray(middle), now.splitBytes);
      call.response.end();
    },
    { port },
  );
  return {
    ...server,
    url: `${server.origin}/ask`,
    set(change) {
      behaviour = { ...behaviour, ...change };
      if ('fault' in change) faultsLeft = change.fault?.times ?? Infinity;
    },
    release: () => gate.open(),
    held: () => gate.held(),
    questions: () => server.requests.filter(({ method }) => method === 'POST'),
  };
}

/** Faults that replace the whole answer; true when it was one. */
async function struck(call: Call, { contentType }: QueryBehaviour, fault: QueryFault | null): Promise<boolean> {
  if (fault?.kind === 'no-headers') return await forever(call.signal);
  if (fault?.kind === 'status') {
    for (const [name, value] of Object.entries(fault.headers ?? {})) call.response.setHeader(name, value);
    sendWhole(call, fault.status, fault.contentType ?? 'application/json', fault.body);
  } else if (fault?.kind === 'html') sendWhole(call, 200, 'text/html; charset=utf-8', PAGE);
  else if (fault?.kind === 'empty') sendWhole(call, 200, contentType, '');
  else if (fault?.kind === 'hang-up') {
    call.finish();
    call.response.destroy();
  } else return false;
  return true;
}
