// The backend that needs nothing: keyword replies in under 100 ms, always labelled, never claiming to be a model.
import { setTimeout as sleep } from 'node:timers/promises';
import { HearthError } from '../errors/index.ts';
import { text } from '../words/index.ts';
import type { Backend, BackendHealth, ChatEvent, ChatRequest } from './interface.ts';
import { printBackendUrl } from './url/url.ts';

/** The first piece comes at once, and all of it well within the tenth of a second that a reply by keywords may take. */
const PIECES_MAX = 5;
const PIECE_GAP_MS = 15;
const URL = printBackendUrl({ scheme: 'demo' });

/** The first whose keywords occur in the question answers it; the last of them needs none. */
const TOPICS = [
  'code',
  'roi',
  'pricing',
  'renewal',
  'usage',
  'risk',
  'nextStep',
  'abilities',
  'help',
  'thanks',
  'time',
  'date',
  'hello',
  'default',
] as const;
type Topic = (typeof TOPICS)[number];

export interface DemoOptions {
  now?: () => Date;
  pieceGapMs?: number;
}

export function createDemoBackend(options: DemoOptions = {}): Backend {
  const now = options.now ?? (() => new Date());
  const pieceGapMs = options.pieceGapMs ?? PIECE_GAP_MS;
  return {
    id: 'demo',
    kind: 'demo',
    label: text('demo:label'),
    abilities: [],
    lane: 'demo',
    concurrency: 8,
    look: () => Promise.resolve(HEALTH),
    models: () => Promise.resolve([]),
    modelFor: () => null,
    describe: () => ({ url: URL, host: null }),
    async *chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
      const startedMs = performance.now();
      let firstTokenMs: number | null = null;
      for (const piece of piecesOf(demoReply(lastQuestion(request), now()))) {
        // An abort ends the wait; the check after it tells.
        if (firstTokenMs !== null && pieceGapMs > 0)
          await sleep(pieceGapMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) throw new HearthError('cancelled');
        firstTokenMs ??= performance.now() - startedMs;
        yield { type: 'text', text: piece };
      }
      const totalMs = performance.now() - startedMs;
      const answerMs = totalMs - (firstTokenMs ?? totalMs);
      // No tokens were made: words are not counted as such.
      const usage = { promptTokens: null, answerTokens: null, loadMs: null, firstTokenMs, answerMs, totalMs };
      yield { type: 'done', reason: 'stop', usage };
    },
  };
}

/** The reply to a question, with the sentence that says what it is. */
export function demoReply(question: string, now: Date): string {
  const topic = topicOf(question);
  const values = {
    time: new Intl.DateTimeFormat('en', { timeStyle: 'short' }).format(now),
    date: new Intl.DateTimeFormat('en', { dateStyle: 'full' }).format(now),
  };
  return `${text(`demo:replies.${topic}`, values)}\n\n${text('demo:notice')}`;
}

/** The text in a few pieces of whole words, each with the white space after it. */
function piecesOf(reply: string): string[] {
  const words = reply.match(/\S+\s*/g) ?? [];
  const size = Math.ceil(words.length / PIECES_MAX);
  return Array.from({ length: Math.ceil(words.length / size) }, (_, at) =>
    words.slice(at * size, (at + 1) * size).join(''),
  );
}

function topicOf(question: string): Topic {
  // Only the beginning is searched: a long text is not a greeting.
  const words = ` ${question
    .slice(0, 500)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}']+/gu, ' ')
    .trim()} `;
  const hears = (topic: Topic) =>
    text(`demo:keywords.${topic}`)
      .split('|')
      .some((phrase) => phrase !== '' && words.includes(` ${phrase} `));
  return TOPICS.find((topic) => topic === 'default' || hears(topic)) ?? 'default';
}

function lastQuestion(request: ChatRequest): string {
  return request.messages.findLast((message) => message.role === 'user')?.content ?? '';
}

const HEALTH: BackendHealth = {
  url: URL,
  host: null,
  state: 'ready',
  isOwned: true,
  version: null,
  latencyMs: null,
  models: [],
  problem: null,
};
