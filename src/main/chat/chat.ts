// The turns of all conversations: begun here, followed by whoever attaches, ended on request or when Hearth closes.
import { uuidv7 } from 'uuidv7';
import type { SendResult } from '../../contract/chat.ts';
import type { ChatChoice, ConversationSummary, Message } from '../../contract/conversations.ts';
import type { ConversationId, LineId, MessageId } from '../../contract/ids.ts';
import { SEEN_WINDOW } from '../../contract/limits.ts';
import type { Backends } from '../backends/index.ts';
import type { Log } from '../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../errors/index.ts';
import type { Insights } from '../insights/index.ts';
import type { Queue } from '../queue/index.ts';
import type { AnswerText, Storage, StoredTurn } from '../storage/index.ts';
import { within } from '../waits/index.ts';
import { type Asked, createAsking } from './asking.ts';
import { type Attachment, attachTo } from './attachment.ts';
import { textOf } from './context.ts';
import { writerOf } from '../../contract/going-on.ts';
import { beginningOf, sentOf } from './going-on.ts';
import type { Chat } from './interface.ts';
import { keptChoice } from './keeping.ts';
import { createLine } from './line.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { checkQuestion } from './question.ts';
import { titleOf } from './title.ts';
import { startTurn, type Turn, type TurnStart } from './turn.ts';

export interface ChatOptions {
  storage: Storage;
  queue: Queue;
  backends: Backends;
  log: Pick<Log, 'warn' | 'error'>;
  /** What is known about the user, and what is made of a turn afterwards. By default nothing is. */
  insights?: { facts: Pick<Insights['facts'], 'card'> } & Pick<Insights, 'consider' | 'onLearned'>;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** UUIDv7. */
  newId?: () => string;
  /** Milliseconds of a clock that never goes back. */
  elapsedMs?: () => number;
}

interface NewQuestion {
  text: string;
  client: string;
  /** The message in line that it was. */
  fromLine?: LineId | undefined;
}

/** How long closing waits for answers to be stored; their journals are on disk anyway. */
const CLOSE_WITHIN_MS = 3_000;

/** Resolves once the request to a free engine is on its way: the disk works while the engine does, not before it. */
const afterTheRequest = () => new Promise<void>((resolve) => setImmediate(resolve));

export function createChat(options: ChatOptions): Chat {
  const {
    storage,
    backends,
    insights,
    log,
    now = Date.now,
    newId = uuidv7,
    elapsedMs = () => performance.now(),
  } = options;
  const services = { storage, queue: options.queue, backends, log, now, elapsedMs };
  /** Answers that are written, and those that the disk refused: only memory has them whole. */
  const live = new Map<MessageId, { turn: Turn; ended: Promise<void> }>();
  const attachments = new Map<string, Attachment>();
  const listeners = new Set<(conversation: ConversationSummary) => void>();
  const inOrder = oneAtATime();
  const closing = new AbortController();
  const newMessageId = () => newId() as MessageId;
  const asking = createAsking({
    storage,
    backends,
    card: (about) => insights?.facts.card(about) ?? null,
    withLiveText: (message) => live.get(message.id)?.turn.snapshot().message ?? message,
    signal: closing.signal,
  });

  function refuseWhenClosing(): void {
    if (closing.signal.aborted) throw new HearthError('cancelled');
  }

  function start(turnStart: TurnStart, asked: Asked): Turn {
    const turn = startTurn(services, turnStart);
    live.set(turn.answer.id, { turn, ended: watchOver(turn, asked) });
    return turn;
  }

  async function watchOver(turn: Turn, { purpose, isKept }: Asked): Promise<void> {
    const { isStored, stored } = await turn.settled;
    if (isStored) live.delete(turn.answer.id);
    // One that never began leaves everything as it was.
    if (!isStored || stored !== null) line.settled(turn.answer.conversationId, endOf(stored));
    const kept = stored === null || !isKept ? null : keptChoice(stored, backends.status());
    await tellOf(turn.answer.conversationId, kept);
    if (stored === null || closing.signal.aborted) return;
    const { question } = await turn.begun;
    const automaticTitle = question.parentId === null ? titleOf(textOf(question)) : null;
    insights?.consider({ purpose, question, answer: stored, automaticTitle });
  }

  function ask(
    { text, client, fromLine }: NewQuestion,
    conversation: { id: ConversationId; isNew: true } | { id: ConversationId; isNew: false; leafId: MessageId | null },
    asked: Asked,
  ): Turn {
    refuseWhenClosing();
    const parentId = conversation.isNew ? null : conversation.leafId;
    const question = { id: newMessageId(), parentId, text };
    const answerId = newMessageId();
    const nowMs = now();
    const context = asking.readContext(parentId, { role: 'user', content: text }, asked);
    const begun = afterTheRequest().then(() =>
      storage.beginTurn({
        newConversation: conversation.isNew ? { id: conversation.id, title: titleOf(text), choice: asked.own } : null,
        conversationId: conversation.id,
        question,
        answerId,
        nowMs,
        client,
        fromLine,
      }),
    );
    const answer = { id: answerId, conversationId: conversation.id, parentId: question.id, createdAtMs: nowMs };
    const { choice, jobClass } = asked;
    return start({ answer, client, begun, choice, context, jobClass }, asked);
  }

  /** Behind the newest message of a chat; one such question at a time. */
  async function askBehind(id: ConversationId, question: NewQuestion, asked: Asked): Promise<Turn> {
    const { activeLeafId } = await storage.getConversation(id);
    const turn = ask(question, { id, isNew: false, leafId: activeLeafId }, asked);
    // The next question must find this one written.
    await afterTheRequest();
    return turn;
  }

  async function durable(turn: Turn): Promise<StoredTurn> {
    const stored = await turn.begun;
    tell(stored.conversation);
    void saveRefused();
    return stored;
  }

  const line = createLine({
    storage,
    inOrder,
    isBusy: (id) => [...live.values()].some(({ turn }) => turn.answer.conversationId === id && !turn.events.isOver()),
    async ask(id, question) {
      const asked = await asking.choose({}, (await storage.getConversation(id)).choice);
      return durable(await askBehind(id, question, asked));
    },
    log,
    now,
    newId,
    signal: closing.signal,
  });

  /** A new answer beside the given one, which it carries on where `begins` is given. */
  async function answerBeside(
    before: Message & { parentId: MessageId },
    { client, asked, begins }: { client: string; asked: Asked; begins?: AnswerText },
  ): Promise<Turn> {
    refuseWhenClosing();
    const { conversationId, parentId } = before;
    const nowMs = now();
    const answer = { id: newMessageId(), conversationId, parentId, createdAtMs: nowMs };
    const last = begins ? { role: 'assistant' as const, content: sentOf(before) } : null;
    const context = asking.readContext(parentId, last, asked);
    const begun = storage.beginAnswer({ answerId: answer.id, questionId: parentId, begins, nowMs, client });
    const { choice, jobClass } = asked;
    const turn = start({ answer, begins, client, begun, choice, context, jobClass }, asked);
    tell((await turn.begun).conversation);
    void saveRefused();
    return turn;
  }

  /**
   * Everybody who lists conversations hears of it; one that went to the bin is in no list.
   *
   * @param kept what it asks from now on, if it has no choice yet
   */
  async function tellOf(id: ConversationId, kept: ChatChoice | null = null): Promise<void> {
    try {
      tell(kept === null ? await storage.getConversation(id) : await storage.keepConversationChoice(id, kept));
    } catch (error) {
      const { code } = toErrorInfo(error);
      if (code !== 'not_found') log.warn('A conversation could not be read', { code });
    }
  }

  function tell(conversation: ConversationSummary): void {
    for (const listener of listeners) {
      try {
        listener(conversation);
      } catch (error) {
        log.error('A listener of conversations failed', { error });
      }
    }
  }

  /** The disk takes writes again: what it refused before is stored now. */
  async function saveRefused(): Promise<void> {
    for (const [id, { turn }] of live) {
      if (turn.events.isOver() && (await turn.saveAgain())) {
        live.delete(id);
        await tellOf(turn.answer.conversationId);
      }
    }
  }

  async function endAll(running: { turn: Turn; ended: Promise<void> }[], as: 'stopped' | 'interrupted'): Promise<void> {
    for (const { turn } of running) turn.end(as);
    await Promise.all(running.map(({ ended }) => ended));
  }

  let closed: Promise<void> | null = null;
  async function closeAll(): Promise<void> {
    closing.abort();
    stopListening?.();
    line.close();
    await endAll([...live.values()], 'interrupted');
    await saveRefused();
  }

  const stopListening = insights?.onLearned((id) => void tellOf(id));

  return {
    line,

    async send(input, client): Promise<SendResult> {
      refuseWhenClosing();
      checkQuestion(input.text);
      const { conversationId, text } = input;
      const own = conversationId === null ? input.choice : (await storage.getConversation(conversationId)).choice;
      const asked = await asking.choose(input, own);
      const turn =
        conversationId === null
          ? ask({ text, client }, { id: newId() as ConversationId, isNew: true }, asked)
          : // Two questions at once follow each other instead of becoming branches of the same answer.
            await inOrder(conversationId, () => askBehind(conversationId, { text, client }, asked));
      return durable(turn);
    },

    async retry(messageId, client, { backend, model } = {}) {
      refuseWhenClosing();
      const before = await storage.getMessage(messageId);
      const { role, parentId, conversationId } = before;
      if (role !== 'assistant' || parentId === null)
        throw new HearthError('bad_request', { what: 'Only an answer can be asked for again.' });
      const own = (await storage.getConversation(conversationId)).choice;
      const asked = await asking.choose({ backend, model, isRetry: true }, own);
      const turn = await answerBeside({ ...before, parentId }, { client, asked });
      return { answer: (await turn.begun).answer };
    },

    async goOn(messageId, client) {
      refuseWhenClosing();
      const before = await storage.getMessage(messageId);
      const begins = beginningOf(before);
      const { parentId, conversationId, source } = before;
      if (begins === null || parentId === null)
        throw new HearthError('bad_request', { what: 'Only an answer that was cut can be carried on.' });
      const { choice } = await storage.getConversation(conversationId);
      const asked = await asking.choose({}, writerOf(source, backends.status()) ?? choice);
      const turn = await answerBeside({ ...before, parentId }, { client, asked, begins });
      const { versions } = (await turn.begun).answer;
      // The history has its text when it is settled.
      return { answer: { ...turn.snapshot().message, versions } };
    },

    async stop(messageId) {
      const running = live.get(messageId);
      if (running !== undefined) await endAll([running], 'stopped');
    },

    async stopConversation(id) {
      await endAll(
        [...live.values()].filter(({ turn }) => turn.answer.conversationId === id),
        'stopped',
      );
    },

    async *attach({ messageId, afterSeq, attachmentId }, signal) {
      const turn = live.get(messageId)?.turn;
      // Nothing of a question is shown to anyone before it is on disk.
      await turn?.begun;
      if (turn === undefined) {
        const message = await storage.getMessage(messageId);
        yield { type: 'settled', seq: (afterSeq ?? 0) + 1, message };
        return;
      }
      const seenWindow = attachmentId === undefined ? Infinity : SEEN_WINDOW;
      const attachment = attachTo(turn, { afterSeq, seenWindow, signal, elapsedMs });
      if (attachmentId !== undefined) attachments.set(attachmentId, attachment);
      try {
        yield* attachment.events;
      } finally {
        if (attachmentId !== undefined && attachments.get(attachmentId) === attachment)
          attachments.delete(attachmentId);
      }
    },

    seen(attachmentId, seq) {
      attachments.get(attachmentId)?.seen(seq);
    },

    onConversation(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },

    close() {
      closed ??= within(CLOSE_WITHIN_MS, closeAll());
      return closed;
    },
  };
}

/** After a whole or a stopped answer people go on; one that failed, or is not on the disk, they look at first. */
function endOf(answer: Message | null): 'answered' | 'failed' {
  return answer?.state === 'done' || answer?.state === 'stopped' ? 'answered' : 'failed';
}
