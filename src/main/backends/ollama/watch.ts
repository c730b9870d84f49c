// The wait for the first record of an answer: what is told meanwhile, and when it is given up.
import type { Settings } from '../../../contract/settings.ts';
import { HearthError } from '../../errors/index.ts';
import { OLLAMA_LABEL, type OllamaClient } from '../../ollama/index.ts';
import type { ChatEvent, ChatMessage } from '../interface.ts';
import { createDeadline, type Deadline } from '../waiting/deadline.ts';
import { slowMs, tokensOf } from '../waiting/reading-time.ts';
import { watchLoading } from './loading.ts';
import type { Reader } from './reader.ts';

export interface WatchOptions {
  client: OllamaClient;
  host: string;
  model: string;
  sent: readonly ChatMessage[];
  timeouts: Settings['timeouts'];
  look: { delayMs: number; pollMs: number };
  /** On this computer: as long as its server answers, it is waited for. */
  isLocal: boolean;
  reader: Reader;
}

export interface Watch {
  /** The answer, and what is told until it is there. */
  until<T>(answer: Promise<T>): AsyncGenerator<ChatEvent, T>;
  /** Ends the watch; true the first time. */
  stop(): boolean;
  isStopped(): boolean;
  /** How long the prompt has been read, as far as that is known; null while the model is being loaded. */
  readForMs(): number | null;
}

/** What is over sooner is not worth telling. */
const TOLD_FROM_MS = 500;
/** What takes half as long again as expected, and some seconds more, is longer than usual. */
const LATE_FACTOR = 1.5;
const LATE_MS = 5_000;

/** Begins with the request, and sets the limit of the deadline until `stop`. */
export function beginWatch(options: WatchOptions, deadline: Deadline): Watch {
  const { client, host, model, sent, timeouts, look, isLocal, reader } = options;
  const backend = OLLAMA_LABEL;
  const startedMs = performance.now();
  const ended = new AbortController();
  // With a reason of its own none is made, which would take a stack.
  const end = () => ended.abort('ended');
  deadline.signal.addEventListener('abort', end, { once: true });

  let told: ChatEvent[] = [];
  let wake = () => {};
  const tell = (event: ChatEvent) => {
    told.push(event);
    wake();
  };
  let isLoading = false;
  let readingSinceMs = startedMs;
  let lastTold = '';
  let hasAnswered = false;
  let tokens: number | null = null;
  const size = () => (tokens ??= tokensOf(sent));

  /** Far away nobody sees whether the engine works: it gets the time that a slow one takes for the prompt. */
  const patienceMs = () => timeouts.firstTokenMs + (isLocal ? 0 : slowMs(size()) + reader.restMs());
  function setLimit(): void {
    const ms = patienceMs();
    deadline.set(ms, () => {
      // One that tells how it is, is well: it has much to read, and the next question may fare better.
      const code = hasAnswered && !isLocal ? 'backend_too_slow' : 'backend_first_token_timeout';
      return new HearthError(code, { backend, host, seconds: Math.round(ms) / 1000 });
    });
  }
  setLimit();

  function load(): void {
    if (isLoading) return;
    isLoading = true;
    const seconds = timeouts.loadMs / 1000;
    const restMs = timeouts.loadMs - (performance.now() - startedMs);
    deadline.set(restMs, () => new HearthError('backend_load_timeout', { backend, model, seconds }));
    lastTold = '';
    tell({ type: 'loading', model });
  }

  function read(isSure: boolean): void {
    const nowMs = performance.now();
    const wasLoading = isLoading;
    isLoading = false;
    if (wasLoading) readingSinceMs = nowMs;
    // A sign of life. What a server far away loads is not known for certain: the limit of the load stays.
    if (isLocal || (wasLoading && isSure)) setLimit();
    if (nowMs - startedMs < TOLD_FROM_MS) return;
    const waitedMs = nowMs - readingSinceMs;
    const isStopped = reader.restMs() > 0;
    const own = reader.expectedMs(size());
    const expectedMs = own === null ? null : own + (isStopped ? reader.restMs() + waitedMs : 0);
    const isLate =
      expectedMs === null
        ? waitedMs > timeouts.firstTokenMs
        : waitedMs > Math.max(expectedMs * LATE_FACTOR, expectedMs + LATE_MS);
    const isOthers = waitedMs > timeouts.firstTokenMs + slowMs(size());
    const behind = isStopped ? 'stopped' : isOthers ? 'others' : null;
    const now = `${isLate} ${behind}`;
    if (now === lastTold) return;
    lastTold = now;
    tell({ type: 'reading', model, tokens: size(), readTokens: null, expectedMs, isLate, behind });
  }

  // A look that is under way when the answer begins is let end: breaking it off would cost a connection each time.
  const loaded = async () => {
    const limit = createDeadline(deadline.signal);
    limit.set(timeouts.connectMs, () => new HearthError('cancelled'));
    return await client.loaded(limit.signal).finally(() => limit.end());
  };
  const { runsUnderAnotherName } = reader;
  // Two looks fit into the limit: one of them may come late.
  const pollMs = Math.min(look.pollMs, timeouts.firstTokenMs / 2);
  const watch = { loaded, model, runsUnderAnotherName, delayMs: Math.min(look.delayMs, pollMs), pollMs };
  let isUnlisted = false;
  void watchLoading(
    {
      ...watch,
      onLook(state) {
        hasAnswered = true;
        isUnlisted = state === 'settling';
        if (state === 'loading') load();
        else if (state === 'loaded' || state === 'settling') read(state === 'loaded');
        else if (isLocal) setLimit();
      },
    },
    ended.signal,
  );

  return {
    async *until<T>(answer: Promise<T>) {
      const here = answer.then((value) => ({ value }));
      for (;;) {
        const news = told.length > 0 ? null : new Promise<null>((resolve) => (wake = () => resolve(null)));
        const first = news === null ? null : await Promise.race([here, news]);
        if (first !== null) return first.value;
        const events = told;
        told = [];
        yield* events;
      }
    },
    stop() {
      if (ended.signal.aborted) return false;
      deadline.signal.removeEventListener('abort', end);
      end();
      if (isUnlisted) reader.runsUnderAnotherName = true;
      return true;
    },
    isStopped: () => ended.signal.aborted,
    readForMs: () => (isLoading ? null : performance.now() - readingSinceMs),
  };
}
