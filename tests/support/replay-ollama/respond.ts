// Sends one answer: a recorded or scripted list of lines, in time, with the gate and the fault of the behaviour.
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour, Fault, ScriptedAnswer } from './behaviour.ts';
import type { Gate } from './gate.ts';
import type { Line, Recording } from './recordings.ts';
import { recording } from './recordings.ts';

export interface Reply {
  status: number;
  contentType: string;
  headersMs: number;
  lines: Line[];
  /** Whether this is the NDJSON (or SSE) stream of records that gates and faults count. */
  isStream: boolean;
}

/**
 * @param context.finish called before the server itself ends the connection, so that it is not taken for the client's doing
 * @param context.signal aborts when the client has gone; every wait ends then
 */
export async function send(
  response: ServerResponse,
  reply: Reply,
  context: { behaviour: Behaviour; fault: Fault | null; gate: Gate; finish: () => void; signal: AbortSignal },
): Promise<void> {
  const { behaviour, fault, gate, finish, signal } = context;
  if (fault?.kind === 'hang-up') {
    finish();
    response.destroy();
    return;
  }
  if (fault?.kind === 'no-headers') return await forever(signal);
  const startedMs = performance.now();
  const until = async (ms: number): Promise<void> => {
    const restMs = startedMs + ms - performance.now();
    if (restMs > 0.5) await sleep(restMs, undefined, { signal });
  };
  if (fault?.kind === 'delay-headers') await sleep(fault.ms, undefined, { signal });
  const actual = replaced(reply, fault);
  const holdAt = behaviour.holdAfterRecords !== null && actual.isStream ? behaviour.holdAfterRecords : null;
  if (holdAt === 0) await gate.pass(signal);
  await until(actual.headersMs);

  response.statusCode = actual.status;
  const headers = fault?.kind === 'status' ? fault.headers : undefined;
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  response.setHeader('Content-Type', actual.contentType);
  if (!actual.isStream) {
    const body = Buffer.from(actual.lines.map((line) => line.text).join('\n'));
    response.setHeader('Content-Length', body.length);
    response.end(response.req.method === 'HEAD' ? undefined : body);
    return;
  }
  response.flushHeaders();
  for (const [index, line] of actual.lines.entries()) {
    if (holdAt !== null && holdAt > 0 && index === holdAt) await gate.pass(signal);
    if (fault && 'afterRecords' in fault && index === fault.afterRecords) {
      if (await strike(response, fault, context)) return;
    }
    await until(line.ms);
    await write(response, Buffer.from(`${line.text}\n`), behaviour.splitBytes, signal);
  }
  response.end();
}

/** The lines of a scripted answer, as the real server words them. */
export function scriptedLines(answer: ScriptedAnswer, model: string): Line[] {
  const startMs = answer.firstTokenDelayMs ?? 0;
  const gapMs = answer.tokensPerSecond ? 1000 / answer.tokensPerSecond : 0;
  const thinking = answer.thinking ?? [];
  const record = (rest: object) => JSON.stringify({ model, created_at: '2026-11-20T22:20:44.504766951Z', ...rest });
  const count = thinking.length + answer.tokens.length;
  return [
    ...thinking.map((text, index) => ({
      ms: startMs + index * gapMs,
      text: record({ message: { role: 'assistant', content: '', thinking: text }, done: false }),
    })),
    ...answer.tokens.map((text, index) => ({
      ms: startMs + (thinking.length + index) * gapMs,
      text: record({ message: { role: 'assistant', content: text }, done: false }),
    })),
    ...(answer.toolCalls ? [{ ms: startMs + count * gapMs, text: record(callsRecord(answer.toolCalls)) }] : []),
    {
      ms: startMs + count * gapMs,
      text: record({
        message: { role: 'assistant', content: '' },
        done: true,
        done_reason: answer.doneReason ?? 'stop',
        total_duration: Math.round((startMs + count * gapMs) * 1e6),
        load_duration: (answer.loadMs ?? 0) * 1e6,
        prompt_eval_count: answer.promptTokens ?? 19,
        prompt_eval_duration: 110_961_538,
        eval_count: count,
        eval_duration: Math.round(count * gapMs * 1e6) || 269_969_075,
      }),
    },
  ];
}

function callsRecord(calls: NonNullable<ScriptedAnswer['toolCalls']>): object {
  const named = calls.map((call, index) => ({ id: `call_${index}`, function: { index, ...call } }));
  return { message: { role: 'assistant', content: '', tool_calls: named }, done: false };
}

/** A recording as it is sent, its times scaled. */
export function replyFrom(recorded: Recording, timeFactor: number): Reply {
  const { status, headers, headers_ms, lines } = recorded.response;
  const contentType = headers['Content-Type'] ?? 'text/plain';
  return {
    status,
    contentType,
    headersMs: headers_ms * timeFactor,
    lines: lines.map((line) => ({ ms: line.ms * timeFactor, text: line.text })),
    isStream: contentType.includes('ndjson') || contentType.includes('event-stream'),
  };
}

/** Faults that replace the whole answer. */
function replaced(reply: Reply, fault: Fault | null): Reply {
  const plain = (status: number, contentType: string, text: string): Reply => ({
    status,
    contentType,
    headersMs: reply.headersMs,
    lines: [{ ms: 0, text }],
    isStream: false,
  });
  if (fault?.kind === 'busy') return replyFrom(recording('chat-queue-full'), 0);
  if (fault?.kind === 'runner-killed') return replyFrom(recording('chat-runner-killed'), 0);
  if (fault?.kind === 'status')
    return plain(fault.status, fault.contentType ?? 'application/json; charset=utf-8', fault.body);
  if (fault?.kind === 'html')
    return plain(200, 'text/html; charset=utf-8', '<!doctype html>\n<html><body><h1>It works!</h1></body></html>');
  if (fault?.kind === 'empty') return plain(200, 'application/x-ndjson', '');
  return reply;
}

/** Faults at a place of the stream; true when nothing more may be sent. */
async function strike(
  response: ServerResponse,
  fault: Fault,
  { finish, signal }: { finish: () => void; signal: AbortSignal },
): Promise<boolean> {
  if (fault.kind === 'garbage') {
    response.write('%PDF-1.7 this is not a record\n');
    return false;
  }
  if (fault.kind === 'stall') await forever(signal);
  // The records before the cut have left this process: only then is the number of those that arrive certain.
  while (fault.kind === 'cut' && (response.socket?.writableLength ?? 0) > 0) await setImmediate();
  finish();
  if (fault.kind === 'cut') response.destroy();
  if (fault.kind === 'end-early') response.end();
  if (fault.kind === 'error-line') response.end(`${JSON.stringify({ error: fault.error })}\n`);
  return true;
}

async function write(
  response: ServerResponse,
  bytes: Buffer,
  splitBytes: number | null,
  signal: AbortSignal,
): Promise<void> {
  const step = splitBytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += step) {
    signal.throwIfAborted();
    if (!response.write(bytes.subarray(at, at + step)))
      await new Promise<void>((resolve, reject) => {
        const stop = () => reject(signal.reason as Error);
        signal.addEventListener('abort', stop, { once: true });
        response.once('drain', () => {
          signal.removeEventListener('abort', stop);
          resolve();
        });
      });
  }
}

function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
