// A plain service as a backend: POST {query}, and the answer in one piece.
//
// It is told the last question and nothing else: what was said before, pictures, tools and sampling have no place in this
// protocol. An answer to a conversation is therefore marked as one whose model did not see everything.
import { createFetch } from '../../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import { headerOf } from '../../ollama/index.ts';
import { answerLimitMs, unlessAborted } from '../../waits/index.ts';
import { text as words } from '../../words/index.ts';
import { accessHeaders, askedWith, type Asked } from '../remote/asked.ts';
import { createDeadline, type Deadline } from '../waiting/deadline.ts';
import { askedWaitMs, createShortWaits } from '../waiting/short-waits.ts';
import type { Backend, BackendHealth, ChatEvent, ChatRequest, RemoteOptions } from '../interface.ts';
import { failureInStream, failureOf, isPage, notAnEvent, type RefusedAnswer, refusalFrom } from '../openai/failures.ts';
import { readText } from '../remote/read-body.ts';
import { readQueryAnswer } from './answer.ts';

export interface QueryAddress {
  /** What is asked, exactly: `http://127.0.0.1:8000/ask`. */
  url: string;
  /** `host:port`. */
  host: string;
}

/** Nothing tells how many it can bear. */
const CONCURRENCY = 1;
const MEGABYTE = 1024 * 1024;
const ANSWER_MAX_BYTES = 10 * MEGABYTE;
/** Kept-alive connections die unseen, and asking such a service twice may do something twice. */
const HEADERS = { connection: 'close' };

export function createQueryBackend({ url, host }: QueryAddress, options: RemoteOptions): Backend {
  const { label, timeouts } = options;
  const fetch = createFetch({
    purpose: `ask ${label}`,
    service: words('backends:probe.server'),
    connectTimeoutMs: () => timeouts().connectMs,
  });
  const describe = () => ({ url: `query+${url}`, host });

  async function* ask(request: ChatRequest, deadline: Deadline): AsyncIterable<ChatEvent> {
    const access = await unlessAborted(options.access(), deadline.signal);
    const asked = askedWith(label, host, access);
    const { firstTokenMs, loadMs, silenceMs } = timeouts();
    // Nothing comes before the whole answer is written: it gets the time of a load.
    const headersMs = Math.max(firstTokenMs, loadMs);
    const startedMs = performance.now();
    deadline.set(headersMs, () => tooLate(asked, 'backend_first_token_timeout', headersMs));
    let hasBegun = false;
    try {
      const answer = await fetch.post(url, {
        headers: {
          accept: 'application/json, text/plain',
          'content-type': 'application/json',
          ...accessHeaders(access),
          ...HEADERS,
        },
        body: JSON.stringify({ query: questionOf(request) }),
        signal: deadline.signal,
      });
      deadline.set(silenceMs, () => tooLate(asked, 'backend_silent', silenceMs));
      const { text: body, isWhole } = await readText(answer.body, ANSWER_MAX_BYTES, () => {
        hasBegun = true;
        deadline.refresh();
      });
      if (!isWhole) {
        const reason = words('backends:query.tooLong', { megabytes: ANSWER_MAX_BYTES / MEGABYTE });
        throw new HearthError('backend_failed', { backend: label, reason });
      }
      const text = answerIn({ status: answer.status, header: headerOf(answer.headers), said: body }, asked);
      const totalMs = performance.now() - startedMs;
      if (text !== '') yield { type: 'text', text };
      const nothing = { promptTokens: null, answerTokens: null, loadMs: null, answerMs: null };
      const isAll = request.messages.length === 1 && (request.messages[0]?.images ?? []).length === 0;
      const cut = isAll ? {} : { wasPromptCut: true as const };
      yield { type: 'done', reason: 'stop', usage: { ...nothing, firstTokenMs: totalMs, totalMs, ...cut } };
    } catch (error) {
      deadline.signal.throwIfAborted();
      if (error instanceof HearthError) throw error;
      throw new HearthError(hasBegun ? 'stream_cut' : 'backend_empty', { backend: label, host }, { cause: error });
    } finally {
      deadline.abandon();
    }
  }

  function status(state: BackendHealth['state'], rest: Partial<BackendHealth>): BackendHealth {
    return { ...describe(), state, isOwned: false, version: null, latencyMs: null, models: [], problem: null, ...rest };
  }

  return {
    id: options.id,
    kind: 'query',
    label,
    abilities: [],
    lane: `query:${host}`,
    concurrency: CONCURRENCY,
    modelFor: () => null,
    describe,
    models: () => Promise.resolve([]),
    /** Only whether somebody is there: any answer will do, and a question might do something. */
    async look(outer) {
      const limitMs = answerLimitMs(timeouts().connectMs);
      const deadline = createDeadline(outer);
      const late = { backend: label, host, seconds: limitMs / 1000 };
      deadline.set(limitMs, () => new HearthError('backend_no_answer', late));
      try {
        const access = await unlessAborted(options.access(), deadline.signal);
        const startedMs = performance.now();
        const headers = { ...accessHeaders(access), ...HEADERS };
        await fetch(url, { method: 'HEAD', headers, signal: deadline.signal });
        return status('ready', { latencyMs: performance.now() - startedMs });
      } catch (error) {
        const reason = deadline.signal.aborted ? deadline.signal.reason : error;
        return status('unavailable', { problem: toErrorInfo(reason) });
      } finally {
        deadline.end();
      }
    },
    async *chat(request, signal) {
      const waits = createShortWaits(label);
      let deadline = createDeadline(signal);
      try {
        for (;;) {
          try {
            return yield* ask(request, deadline);
          } catch (error) {
            if (askedWaitMs(error) === null) throw error;
            deadline = createDeadline(signal);
            yield* waits.through(error, deadline.signal);
          }
        }
      } catch (error) {
        if (signal.aborted) throw new HearthError('cancelled', {}, { cause: error });
        throw error;
      } finally {
        deadline.end();
      }
    },
    stop() {
      fetch.close();
      return Promise.resolve();
    },
  };
}

/** The last thing that the user said. */
function questionOf({ messages }: ChatRequest): string {
  return (messages.findLast(({ role }) => role === 'user') ?? messages.at(-1))?.content ?? '';
}

/** @throws HearthError for everything that is no answer */
function answerIn({ status, header, said: body }: RefusedAnswer, asked: Asked): string {
  const { backend, host } = asked;
  const contentType = header('content-type');
  if (status < 200 || status >= 300) throw refused({ status, header, said: body }, asked);
  if (isPage(contentType)) throw refused({ status, header, said: body }, asked);
  if (body.trim() === '') throw new HearthError('backend_empty', { host, backend });
  const answer = readQueryAnswer(body, contentType);
  if (answer.type === 'failure') throw failureInStream(answer.value, asked);
  if (answer.type === 'none') throw notAnEvent(body, asked);
  return answer.text;
}

function refused(answer: RefusedAnswer, asked: Asked): HearthError {
  const refusal = refusalFrom(answer);
  const failure = failureOf(refusal, asked, null);
  // There is no other protocol to hint at: the service itself says that there is nothing at this path.
  if (failure.code !== 'backend_not_known') return failure;
  return failureInStream({ error: refusal.reason ?? `HTTP ${answer.status}` }, asked);
}

function tooLate({ backend, host }: Asked, code: 'backend_first_token_timeout' | 'backend_silent', limitMs: number) {
  return new HearthError(code, { backend, host, seconds: limitMs / 1000 });
}
