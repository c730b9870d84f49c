// One answer from the queue to the disk. It runs to its end whether somebody watches or not.
import type { JobClass, QueuePlace } from '../../contract/chat.ts';
import type { Message } from '../../contract/conversations.ts';
import { placeAfter } from '../../contract/queue-place.ts';
import type { BackendPlan, Backends, ChatMessage, RunEvent } from '../backends/index.ts';
import type { Log } from '../diagnostics/index.ts';
import { errorInfo, HearthError, toErrorInfo } from '../errors/index.ts';
import type { Queue, Ticket, Work } from '../queue/index.ts';
import type { AnswerText, Settlement, Storage, StoredTurn } from '../storage/index.ts';
import type { Followed } from './attachment.ts';
import { createDraft, type Draft, type DraftStart } from './draft.ts';
import { createEventLog } from './event-log.ts';
import { createJournal } from './journal.ts';

/** After this long an engine that ignores its signal is no longer waited for; its slot stays taken until it ends. */
export const STOP_WITHIN_MS = 2_000;

export interface TurnServices {
  storage: Storage;
  queue: Queue;
  backends: Backends;
  /** Milliseconds since 1970, for what is stored. */
  now: () => number;
  /** Milliseconds of a clock that never goes back, for what is measured. */
  elapsedMs: () => number;
  log: Pick<Log, 'warn' | 'error'>;
}

export interface TurnStart {
  answer: DraftStart;
  /** Of an answer that is carried on: what there is of it. The context ends with it. */
  begins?: AnswerText | undefined;
  client: string;
  /** The question and the empty answer on their way to the disk; the engine is asked meanwhile. */
  begun: Promise<StoredTurn>;
  /** Which backends to ask, or why none can be: then the answer fails with that. */
  choice: { plan: BackendPlan } | { failure: unknown };
  context: Promise<TurnContext>;
  jobClass: JobClass;
}

/** What the model gets to see. */
export interface TurnContext {
  messages: ChatMessage[];
  /** How many facts about the user are among it. */
  facts: number;
}

interface Settled {
  isStored: boolean;
  /** Null when it was not stored just now. */
  stored: Message | null;
}

export interface Turn extends Followed {
  readonly answer: DraftStart;
  readonly begun: Promise<StoredTurn>;
  /** Resolves when nothing more happens, with whether the disk has the answer, and with what it stored. Never rejects. */
  readonly settled: Promise<Settled>;
  /** Ends the answer as it is. Does nothing when it has ended. */
  end(as: 'stopped' | 'interrupted'): void;
  /** Tries again to store a settled answer that the disk refused; says whether it did. */
  saveAgain(): Promise<boolean>;
}

export function startTurn(
  services: TurnServices,
  { answer, begins, client, begun, choice, context, jobClass }: TurnStart,
): Turn {
  const { storage, queue, backends, now, elapsedMs, log } = services;
  const events = createEventLog();
  const draft = createDraft(answer, elapsedMs, begins);
  const kept = begins && { thinking: begins.thinking.length, text: begins.text.length };
  /** Between what was thought before and what is thought now. */
  let parting = begins === undefined || begins.thinking === '' ? '' : '\n\n';
  if (begins) events.append({ type: 'delta', ...begins });
  const journal = createJournal({ storage, messageId: answer.id, begun, log });
  let place: { told: QueuePlace; atMs: number } | null = null;
  /** Whether the engine loads or reads, and since when it reads. */
  let isWaiting = false;
  let readingSinceMs: number | null = null;
  let factsGiven = 0;
  let wish: 'stopped' | 'interrupted' | null = null;
  let isOver = false;
  let giveUpTimer: NodeJS.Timeout | undefined;
  let giveUp = () => {};
  const givenUp = new Promise<'cancelled'>((resolve) => {
    giveUp = () => resolve('cancelled');
  });

  async function write(plan: BackendPlan, signal: AbortSignal, report: (work: Work) => void): Promise<void> {
    draft.begin();
    const { messages, facts } = await context;
    factsGiven = facts;
    place = null;
    signal.throwIfAborted();
    for await (const event of backends.run(plan, { messages, ...(begins ? { goesOn: true } : {}) }, signal)) {
      if (isOver) return;
      take(event, report);
      if (draft.isWhole()) return;
    }
    if (!signal.aborted)
      throw new HearthError('stream_cut', { backend: draft.source()?.label ?? plan.candidates[0]?.label ?? '' });
  }

  function take(event: RunEvent, report: (work: Work) => void): void {
    const wasWaiting = isWaiting;
    isWaiting = event.type === 'loading' || event.type === 'reading';
    if (wasWaiting && !isWaiting) report({ busyWith: null, leftMs: null });
    if (event.type !== 'reading') readingSinceMs = null;
    switch (event.type) {
      case 'source':
        draft.ask(event.source);
        events.append({ type: 'started', source: event.source, sinceMs: now() });
        journal.markStreaming(event.source);
        break;
      case 'loading':
        events.append({ type: 'loading', model: event.model, sinceMs: now() });
        report({ busyWith: 'loading', leftMs: null });
        break;
      case 'reading': {
        readingSinceMs ??= now();
        events.append({ ...event, sinceMs: readingSinceMs });
        const { behind, expectedMs } = event;
        const leftMs = expectedMs === null ? null : expectedMs - (now() - readingSinceMs);
        report({ busyWith: behind ?? 'reading', leftMs });
        break;
      }
      case 'thinking':
      case 'text':
        if (event.text === '') break;
        if (event.type === 'text') add('text', event.text);
        else {
          add('thinking', parting + event.text);
          parting = '';
        }
        break;
      case 'relabel':
        draft.relabel(event.as);
        events.append({ ...event, ...(kept ? { kept } : {}) });
        journal.relabel({ thinking: draft.text('thinking'), text: draft.text('text') });
        break;
      case 'done':
        draft.finish(event.usage);
        break;
      case 'tool-call':
        // A chat offers no tools yet; a model that calls one nevertheless calls nothing.
        log.warn('A model called a tool that nobody offered', { name: event.call.name });
        break;
      default:
        event satisfies never;
    }
  }

  function add(kind: 'text' | 'thinking', text: string): void {
    draft.add(kind, text);
    events.append(kind === 'text' ? { type: 'delta', text } : { type: 'delta', thinking: text });
    journal.add(kind, text);
  }

  const ticket: Ticket | null =
    'plan' in choice
      ? queue.submit({
          id: answer.id,
          class: jobClass,
          client,
          conversationId: answer.conversationId,
          lane: choice.plan.lane,
          concurrency: choice.plan.concurrency,
          run: (signal, report) => write(choice.plan, signal, report),
          onPlace(newPlace) {
            place = { told: newPlace, atMs: elapsedMs() };
            events.append({ type: 'queued', place: newPlace });
          },
        })
      : null;

  /** What ended the writing: an error, or null. */
  async function written(): Promise<unknown> {
    if ('failure' in choice) return choice.failure;
    try {
      await Promise.race([ticket?.done, givenUp]);
      return null;
    } catch (error) {
      return error;
    }
  }

  let settlement: Settlement | null = null;

  async function conclude(): Promise<Settled> {
    const failure = await written();
    clearTimeout(giveUpTimer);
    isOver = true;
    place = null;
    journal.close();
    const outcome = endOf(draft, wish, failure);
    const settledAtMs = now();
    settlement = {
      messageId: answer.id,
      ...outcome,
      text: draft.text('text'),
      thinking: draft.text('thinking'),
      source: draft.source(),
      usage: draft.usage(),
      factsUsed: factsSeen(),
      nowMs: settledAtMs,
    };
    try {
      await begun;
    } catch {
      // Whoever sent the question is told by the same promise; there is nothing to keep and nobody to show it to.
      return { isStored: true, stored: null };
    }
    try {
      const stored = await storage.settle(settlement);
      events.append({ type: 'settled', message: stored });
      return { isStored: true, stored };
    } catch (error) {
      const info = toErrorInfo(error);
      log.error('An answer could not be stored', { code: info.code, detail: info.detail, messageId: answer.id });
      const state = draft.hasText() ? 'interrupted' : 'failed';
      events.append({ type: 'settled', message: draft.message({ state, error: info, settledAtMs }) });
      return { isStored: false, stored: null };
    }
  }

  /** The demo reads nothing of a chat, and where nobody took the question nobody saw them. */
  function factsSeen(): number | undefined {
    const source = draft.source();
    return factsGiven === 0 || source === null || source.kind === 'demo' ? undefined : factsGiven;
  }

  /** As it was told, with the time that has passed since. */
  function placeNow(): QueuePlace | null {
    if (place === null) return null;
    return placeAfter(place.told, elapsedMs() - place.atMs);
  }

  function end(as: 'stopped' | 'interrupted'): void {
    if (isOver || wish !== null) return;
    wish = as;
    ticket?.cancel();
    giveUpTimer = setTimeout(giveUp, STOP_WITHIN_MS);
  }

  begun.catch(() => end('interrupted'));
  // Told by `written` when the job runs; a job that is cancelled before never asks.
  context.catch(() => {});

  return {
    answer,
    begun,
    events,
    snapshot: () => ({ message: draft.message(), place: placeNow() }),
    settled: conclude(),
    end,
    async saveAgain() {
      if (settlement === null) return false;
      try {
        await storage.settle(settlement);
        return true;
      } catch (error) {
        const { code } = toErrorInfo(error);
        // Its chat was deleted for good.
        if (code === 'not_found') return true;
        log.error('An answer could still not be stored', { code, messageId: answer.id });
        return false;
      }
    },
  };
}

/** A whole answer is done, whatever was wished meanwhile; else the user's wish counts, then Hearth's, then the error. */
function endOf(
  draft: Draft,
  wish: 'stopped' | 'interrupted' | null,
  failure: unknown,
): Pick<Settlement, 'state' | 'error'> {
  if (draft.isWhole()) return { state: 'done', error: null };
  if (wish === 'stopped') return { state: 'stopped', error: null };
  const error = failure === null ? null : toErrorInfo(failure);
  // Without anyone's wish only the end of the queue cancels: Hearth is closing.
  if (wish === 'interrupted' || error === null || error.code === 'cancelled')
    return { state: 'interrupted', error: errorInfo('interrupted') };
  return { state: draft.hasText() ? 'interrupted' : 'failed', error };
}
