// An OpenAI-compatible server for tests: answers and misbehaves as it is told, at any stage of an answer.
import { recording } from './replay-ollama/recordings.ts';
import { createGate } from './replay-ollama/gate.ts';
import {
  type Call,
  cut,
  forever,
  PAGE,
  type ScriptedServer,
  type SeenRequest,
  sendWhole,
  startScriptedServer,
  writeBytes,
} from './scripted-server.ts';

export interface OpenAiAnswer {
  /** One record a piece. */
  pieces: string[];
  /** Before the text. */
  thinking?: string[];
  /** Which field the thinking comes in. Default `reasoning_content`. */
  thinkingField?: 'reasoning_content' | 'reasoning';
  /** After the text, one record each, as the entries of `delta.tool_calls`. */
  toolPieces?: object[];
  /** Default `stop`; null: the server never says. */
  finish?: string | null;
  /** Default 19 and the number of records; null: it counts nothing. */
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
  /** As llama-server measures. */
  timings?: { predicted_ms: number };
  /** Default true. */
  saysDone?: boolean;
}

/** `afterRecords` counts the records sent before the fault. */
export type OpenAiFault = (
  | { kind: 'status'; status: number; body: string; contentType?: string; headers?: Record<string, string> }
  /** A page with status 200. */
  | { kind: 'html' }
  /** Status 200 and no body. */
  | { kind: 'empty' }
  /** The connection is accepted and dropped before any answer. */
  | { kind: 'hang-up' }
  /** Neither headers nor an end. */
  | { kind: 'no-headers' }
  /** The connection breaks. */
  | { kind: 'cut'; afterRecords: number }
  /** A clean end without a reason and without `[DONE]`. */
  | { kind: 'end-early'; afterRecords: number }
  /** Nothing more comes and nothing ends. */
  | { kind: 'stall'; afterRecords: number }
  /** These lines, then the stream goes on. */
  | { kind: 'lines'; afterRecords: number; text: string }
  /** An error object as a record, then the end. */
  | { kind: 'error'; afterRecords: number; error: unknown }
) & {
  /** Where it strikes. Default `/v1/chat/completions`. */
  path?: string;
  /** How many requests it strikes. Default all. */
  times?: number;
};

export interface SentMessage {
  role: string;
  content: string | null;
}

export interface OpenAiBehaviour {
  /** Null: there is no /models. */
  models: { id: string; [field: string]: unknown }[] | null;
  /** In the `Server` header. */
  server: string | null;
  /** Every request needs it. */
  key: string | null;
  /** To every question the same, or to each its own. */
  answer: OpenAiAnswer | ((question: Record<string, unknown>) => OpenAiAnswer);
  /** Serves this recorded exchange to every chat instead. */
  recording: string | null;
  /** Fields of a request that are refused with 400. */
  refusedFields: string[];
  /** What is wrong with these messages; null takes them. By default all are taken. */
  refuses: ((messages: SentMessage[]) => { status: number; body: string } | null) | null;
  /** Answers a request for a stream in one piece. */
  neverStreams: boolean;
  /** Chats wait at this many records (0: after the headers; `headers`: before them) until `release()`. */
  holdAt: number | 'headers' | null;
  /** Writes bodies in pieces of this many bytes: lines and characters get split. */
  splitBytes: number | null;
  /** Between records. Default as the standard has it. */
  lineEnd: string;
  fault: OpenAiFault | null;
}

const DEFAULTS: OpenAiBehaviour = {
  models: [{ id: 'tiny', object: 'model', owned_by: 'tests' }],
  server: null,
  key: null,
  answer: { pieces: ['Hello', ' there', '.'] },
  recording: null,
  refusedFields: [],
  refuses: null,
  neverStreams: false,
  holdAt: null,
  splitBytes: null,
  lineEnd: '\n\n',
  fault: null,
};

export interface ScriptedOpenAi extends ScriptedServer {
  /** With `/v1`. */
  url: string;
  /** Changes the named parts of the behaviour, for requests that come from now on. */
  set(change: Partial<OpenAiBehaviour>): void;
  /** Lets answers go on that wait. */
  release(): void;
  /** Resolves when an answer waits. */
  held(): Promise<void>;
  /** The requests for an answer, in order of arrival. */
  chats(): ScriptedServer['requests'];
}

const CHAT = '/v1/chat/completions';

export async function startScriptedOpenAi(
  options: Partial<OpenAiBehaviour> & { port?: number } = {},
): Promise<ScriptedOpenAi> {
  const { port = 0, ...start } = options;
  let behaviour: OpenAiBehaviour = { ...DEFAULTS, ...start };
  let faultsLeft = behaviour.fault?.times ?? Infinity;
  const gate = createGate();

  const server = await startScriptedServer(
    async (call) => {
      const now = behaviour;
      if (call.seen.path === CHAT && isNoQuestion(call.seen)) return refuseEmpty(call);
      const fault = takeFault(call.seen.path);
      if (now.server !== null) call.response.setHeader('server', now.server);
      if (now.key !== null && call.seen.headers.authorization !== `Bearer ${now.key}`)
        return refuse(call, 401, { message: `Incorrect API key provided: ${String(call.seen.headers.authorization)}` });
      if (await struckWhole(call, fault)) return;
      switch (call.seen.path) {
        case '/v1/models':
          if (now.models === null) return sendWhole(call, 404, 'application/json', '{"detail":"Not Found"}');
          return sendWhole(call, 200, 'application/json', JSON.stringify({ object: 'list', data: now.models }));
        case '/v1/embeddings':
          return sendWhole(call, 200, 'application/json', JSON.stringify(vectorsFor(call.seen.body)));
        case '/health':
          return sendWhole(call, 200, 'application/json', '{"status":"ok"}');
        case CHAT:
          return await chat(call, now, fault);
        default:
          return sendWhole(call, 404, 'text/plain', '404 page not found');
      }
    },
    { port },
  );

  function takeFault(path: string): OpenAiFault | null {
    const { fault } = behaviour;
    if (fault === null || (fault.path ?? CHAT) !== path || faultsLeft <= 0) return null;
    faultsLeft -= 1;
    return fault;
  }

  async function chat(call: Call, now: OpenAiBehaviour, fault: OpenAiFault | null): Promise<void> {
    const body = call.seen.body as Record<string, unknown>;
    const refused = now.refusedFields.find((field) => field in body);
    if (refused !== undefined)
      return refuse(call, 400, { message: `Unrecognized request argument supplied: ${refused}` });
    const refusal = now.refuses?.(body.messages as SentMessage[]) ?? null;
    if (refusal !== null) return sendWhole(call, refusal.status, 'application/json', refusal.body);
    const isKnown = now.models === null || now.models.some(({ id }) => id === body.model);
    if (!isKnown) return replayed(call, 'v1-chat-missing-model', String(body.model));
    if (now.holdAt === 'headers') await gate.pass(call.signal);
    if (now.recording !== null) return replayed(call, now.recording);
    if (body.stream !== true || now.neverStreams) {
      const text = JSON.stringify(wholeAnswer(answerTo(now, body), String(body.model)));
      call.response.writeHead(200, { 'content-type': 'application/json' });
      if (fault?.kind === 'cut') {
        await writeBytes(call, Buffer.from(text.slice(0, text.length / 2)), null);
        return cut(call);
      }
      await writeBytes(call, Buffer.from(text), now.splitBytes);
      call.response.end();
      return;
    }
    await stream(call, now, fault);
  }

  async function stream(call: Call, now: OpenAiBehaviour, fault: OpenAiFault | null): Promise<void> {
    call.response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    call.response.flushHeaders();
    const answer = answerTo(now, call.seen.body as Record<string, unknown>);
    for (const [index, record] of [...recordsOf(answer, call.seen.body), null].entries()) {
      if (now.holdAt === index) await gate.pass(call.signal);
      if (fault !== null && 'afterRecords' in fault && fault.afterRecords === index) {
        if (fault.kind === 'stall') await forever(call.signal);
        if (fault.kind === 'cut') return cut(call);
        if (fault.kind === 'lines') await writeBytes(call, Buffer.from(fault.text), now.splitBytes);
        if (fault.kind === 'error')
          await writeBytes(call, Buffer.from(`data: ${JSON.stringify({ error: fault.error })}\n\n`), now.splitBytes);
        if (fault.kind === 'error' || fault.kind === 'end-early') break;
      }
      if (record !== null) await writeBytes(call, Buffer.from(`data: ${record}${now.lineEnd}`), now.splitBytes);
    }
    call.finish();
    call.response.end();
  }

  return {
    ...server,
    url: `${server.origin}/v1`,
    set(change) {
      behaviour = { ...behaviour, ...change };
      if ('fault' in change) faultsLeft = change.fault?.times ?? Infinity;
    },
    release: () => gate.open(),
    held: () => gate.held(),
    chats: () => server.requestsTo(CHAT).filter((seen) => !isNoQuestion(seen)),
  };
}

/** What a look sends to see whether questions are taken. */
function isNoQuestion({ method, body }: Pick<SeenRequest, 'method' | 'body'>): boolean {
  return method === 'GET' || (body !== null && JSON.stringify(body) === '{}');
}

function refuseEmpty(call: Call): void {
  if (call.seen.method === 'GET') return sendWhole(call, 405, 'application/json', '{"detail":"Method Not Allowed"}');
  refuse(call, 400, { message: "'messages' is required" });
}

function answerTo({ answer }: OpenAiBehaviour, question: Record<string, unknown>): OpenAiAnswer {
  return typeof answer === 'function' ? answer(question) : answer;
}

/** Faults that replace the whole answer; true when it was one. */
async function struckWhole(call: Call, fault: OpenAiFault | null): Promise<boolean> {
  if (fault?.kind === 'no-headers') return await forever(call.signal);
  if (fault?.kind === 'status') {
    for (const [name, value] of Object.entries(fault.headers ?? {})) call.response.setHeader(name, value);
    sendWhole(call, fault.status, fault.contentType ?? 'application/json', fault.body);
  } else if (fault?.kind === 'html') sendWhole(call, 200, 'text/html; charset=utf-8', PAGE);
  else if (fault?.kind === 'empty') sendWhole(call, 200, 'text/event-stream', '');
  else if (fault?.kind === 'hang-up') {
    call.finish();
    call.response.destroy();
  } else return false;
  return true;
}

function refuse(call: Call, status: number, error: { message: string }): void {
  sendWhole(call, status, 'application/json', JSON.stringify({ error: { ...error, type: 'invalid_request_error' } }));
}

function replayed(call: Call, name: string, model?: string): void {
  const { status, headers, lines } = recording(name).response;
  const text = lines.map((line) => line.text).join('\n');
  const said = model === undefined ? text : text.replace("'nope'", `'${model}'`);
  sendWhole(call, status, headers['Content-Type'] ?? 'text/plain', said);
}

/** The texts of the records, as vLLM and llama-server word them, `[DONE]` included. */
function recordsOf(answer: OpenAiAnswer, body: unknown): string[] {
  const { stream_options: options, model } = body as { stream_options?: { include_usage?: boolean }; model: string };
  const {
    thinking = [],
    thinkingField = 'reasoning_content',
    toolPieces = [],
    finish = 'stop',
    saysDone = true,
  } = answer;
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_795_213_250, model };
  const record = (delta: object, finishReason: string | null = null) =>
    JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: finishReason }] });
  const usage = usageOf(answer);
  const rest = answer.timings === undefined ? {} : { timings: answer.timings };
  return [
    record({ role: 'assistant', content: '' }),
    ...thinking.map((text) => record({ [thinkingField]: text })),
    ...answer.pieces.map((text) => record({ content: text })),
    ...toolPieces.map((piece) => record({ tool_calls: [piece] })),
    ...(finish === null ? [] : [record({}, finish)]),
    ...(options?.include_usage === true && usage !== null
      ? [JSON.stringify({ ...head, choices: [], usage, ...rest })]
      : []),
    ...(saysDone ? ['[DONE]'] : []),
  ];
}

function wholeAnswer(answer: OpenAiAnswer, model: string): object {
  const { thinking, thinkingField = 'reasoning_content', toolPieces, finish = 'stop' } = answer;
  const message = {
    role: 'assistant',
    content: answer.pieces.join(''),
    ...(thinking === undefined ? {} : { [thinkingField]: thinking.join('') }),
    ...(toolPieces === undefined ? {} : { tool_calls: toolPieces }),
  };
  const usage = usageOf(answer);
  const choices = [{ index: 0, message, finish_reason: finish }];
  return { id: 'chatcmpl-1', object: 'chat.completion', model, choices, ...(usage === null ? {} : { usage }) };
}

function usageOf({ usage, pieces, thinking = [] }: OpenAiAnswer): OpenAiAnswer['usage'] & (object | null) {
  return usage === undefined ? { prompt_tokens: 19, completion_tokens: pieces.length + thinking.length } : usage;
}

/** Vectors that tell their text's length, in the wrong order with the right index. */
function vectorsFor(body: unknown): object {
  const { input } = body as { input: string[] };
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 0.5] }));
  return { object: 'list', data: data.toReversed() };
}
