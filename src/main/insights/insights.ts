// After a turn: a name for the chat, the tone of the question, and what it says about the user, each if the user wants it.
import type { AnswerSource, Message } from '../../contract/conversations.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { Backends } from '../backends/index.ts';
import type { Log } from '../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../errors/index.ts';
import type { Queue } from '../queue/index.ts';
import type { SettingsStore } from '../settings/index.ts';
import type { Storage } from '../storage/index.ts';
import { within } from '../waits/index.ts';
import { ask, type Errand, type Reply } from './ask.ts';
import { openFacts } from './facts.ts';
import type { BackgroundPurpose, Insights, SettledTurn } from './interface.ts';
import { aboutWriter } from './about-writer.ts';
import { createLine } from './line.ts';
import { FACTS_FORMAT, FACTS_MAX_TOKENS, factsPrompt, statementsIn } from './statements.ts';
import { createStrength, type Strength } from './strength.ts';
import { TITLE_MAX_TOKENS, titleIn, titlePrompt } from './title.ts';
import { TONE_FORMAT, TONE_MAX_TOKENS, toneIn, tonePrompt } from './tone.ts';
import { mayBeSent, mayRead, wishFor } from './where.ts';

export interface InsightsOptions {
  storage: Storage;
  queue: Queue;
  backends: Pick<Backends, 'plan' | 'run' | 'status'>;
  settings: Pick<SettingsStore, 'get'>;
  log: Pick<Log, 'info' | 'warn'>;
  /** Milliseconds since 1970. */
  now: () => number;
  newId: () => string;
  /** How long one piece of work may run. Default: a minute. */
  limitMs?: number;
  /** How long a removed fact can be brought back. Default: ten seconds. */
  undoMs?: number;
  /** Which models are believed. Default: those that can repeat a sentence. */
  strength?: Strength;
}

/** How long closing waits for engines and the disk. */
const CLOSE_WITHIN_MS = 3_000;

/** In this order: the name is seen at once. */
const PURPOSES = ['titles', 'emotion', 'facts'] as const;

interface Work {
  /** Null when there is nothing to do any more. */
  errand(title: string): Errand | null;
  /** Keeps what is in the reply, if anything is. */
  take(reply: Reply): Promise<void>;
  /** Whether a model that is too weak would do harm by it. */
  needsStrength?: boolean;
}

/** Reads the facts first; rejects with a storage error. */
export async function openInsights(options: InsightsOptions): Promise<Insights> {
  const { storage, queue, backends, settings, log, now, newId, limitMs, undoMs, strength = createStrength() } = options;
  const facts = await openFacts({ storage, settings, log, now, newId, ...(undoMs === undefined ? {} : { undoMs }) });
  const line = createLine({ queue, log, newId, ...(limitMs === undefined ? {} : { limitMs }) });
  const listeners = new Set<(id: ConversationId) => void>();
  /** Questions that were read for facts: asked again, they say nothing new, also when the user has removed what they said. */
  const read = new Set<MessageId>();

  function tell(id: ConversationId): void {
    for (const listener of listeners) listener(id);
  }

  const worksOf: Record<BackgroundPurpose, (turn: SettledTurn) => Work | null> = {
    titles({ question, answer, automaticTitle }) {
      if (automaticTitle === null) return null;
      const messages = titlePrompt(textOf(question), textOf(answer));
      return {
        errand: (title) => (title === automaticTitle ? { messages, maxTokens: TITLE_MAX_TOKENS } : null),
        async take({ text }) {
          const to = titleIn(text);
          if (to === null) return;
          const renamed = await storage.retitleConversation(question.conversationId, { from: automaticTitle, to });
          if (renamed !== null) tell(question.conversationId);
        },
      };
    },
    emotion({ question }) {
      if (question.emotion !== undefined) return null;
      return {
        errand: () => ({ messages: tonePrompt(textOf(question)), maxTokens: TONE_MAX_TOKENS, format: TONE_FORMAT }),
        async take({ text, source }) {
          const tone = toneIn(text);
          if (tone === null) return;
          await storage.setEmotion(question.id, { ...tone, source });
          tell(question.conversationId);
        },
      };
    },
    facts({ question }) {
      const { id: messageId, conversationId } = question;
      if (read.has(messageId)) return null;
      const message = aboutWriter(textOf(question));
      if (message === '') return null;
      // Models are told those that they may see with any question; `learn` knows the others as well.
      const told = () => (settings.get().facts.areUsed ? facts.status().facts.filter(({ isOn }) => isOn) : []);
      return {
        needsStrength: true,
        errand: () => ({
          messages: factsPrompt(
            message,
            told().map(({ text }) => text),
          ),
          maxTokens: FACTS_MAX_TOKENS,
          format: FACTS_FORMAT,
        }),
        async take({ text }) {
          await facts.learn(statementsIn(text, message), { conversationId, messageId });
          read.add(messageId);
        },
      };
    },
  };

  function begin(purpose: BackgroundPurpose, source: AnswerSource, turn: SettledTurn): void {
    const work = worksOf[purpose](turn);
    if (work === null) return;
    const { conversationId } = turn.question;
    let errand: Errand | null = null;
    const where = () => ({ purpose, chosen: settings.get().purposes[purpose], source });

    line.add({
      purpose,
      async plan(signal) {
        if (!settings.get().purposes[purpose].isOn) return null;
        // One that went to the bin meanwhile is left alone.
        const conversation = await unlessGone(storage.getConversation(conversationId));
        errand = conversation && work.errand(conversation.title);
        if (errand === null) return null;
        const wish = wishFor(where(), backends.status());
        const plan = wish && (await backends.plan(wish, signal));
        if (plan === null || !mayRead(where(), plan))
          throw new HearthError('cancelled', {}, { detail: 'no backend that may read it is ready' });
        return plan;
      },
      async run(plan, signal) {
        const [planned] = plan.candidates;
        if (errand === null || planned === undefined) return;
        const mayAsk = (asked: AnswerSource) => mayBeSent(where(), asked, planned);
        const askIt = (one: Errand) => ask(backends, { plan, errand: one, mayAsk }, signal);
        if (work.needsStrength === true && !(await strength.isEnough(plan, askIt))) {
          log.info('Background work was left out', { purpose, detail: 'the model can’t repeat a sentence' });
          return;
        }
        const reply = await askIt(errand);
        const isWanted = () => !signal.aborted && settings.get().purposes[purpose].isOn;
        if (!isWanted() || (await unlessGone(storage.getConversation(conversationId))) === null) return;
        await work.take(reply);
      },
    });
  }

  let closing: Promise<void> | null = null;
  const closeAll = () => within(CLOSE_WITHIN_MS, Promise.all([line.close(), facts.close()]));

  return {
    facts,
    consider(turn) {
      const { source, state } = turn.answer;
      // A program's questions say nothing about the user, and are too many.
      if (closing !== null || state !== 'done' || source === null || source.kind === 'demo') return;
      if (turn.purpose !== 'chat' && turn.purpose !== 'quickAsk') return;
      for (const purpose of PURPOSES) if (settings.get().purposes[purpose].isOn) begin(purpose, source, turn);
    },
    onLearned(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** Null when it is not in the history any more. */
async function unlessGone<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (toErrorInfo(error).code === 'not_found') return null;
    throw error;
  }
}

function textOf({ parts }: Message): string {
  return parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('');
}
