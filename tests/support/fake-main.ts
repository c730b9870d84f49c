// A main process for tests of the windows: keeps conversations, plays answers event by event, drops ports when told.
import { ORPCError } from '@orpc/client';
import type { BackendsStatus } from '../../src/contract/backends.ts';
import type { AttachInput, QueuePlace, Reading, SendInput, TurnEvent } from '../../src/contract/chat.ts';
import type {
  AnswerSource,
  ChatChoice,
  Conversation,
  ConversationChange,
  Message,
} from '../../src/contract/conversations.ts';
import type { ErrorInfo } from '../../src/contract/errors.ts';
import type { ConversationId, MessageId } from '../../src/contract/ids.ts';
import type { HearthClient } from '../../src/renderer/lib/client.ts';
import { createTopic } from './topic.ts';
import { createBeside } from './fake-versions.ts';
import { fakeLines } from './component/fake-line.ts';
import { answerMessage, conversationOf, NOON_MS, ollamaSource, questionMessage, textOf } from './answers.ts';

/** An error as main sends it over the port. */
export function mainError(info: Partial<ErrorInfo>): ORPCError<'HEARTH', ErrorInfo> {
  return new ORPCError('HEARTH', {
    defined: true,
    data: { code: 'internal', message: 'It failed.', params: {}, ...info },
  });
}

export const ollamaReady: BackendsStatus = {
  backends: [
    {
      id: 'ollama',
      kind: 'ollama',
      label: 'Ollama',
      url: 'ollama://llama3.2:3b@127.0.0.1:11434',
      host: '127.0.0.1:11434',
      state: 'ready',
      isOwned: false,
      version: '0.12.0',
      latencyMs: 2,
      models: [
        { name: 'llama3.2:3b', sizeBytes: 2.0e9, family: 'llama', parameters: '3.2B', quantization: 'Q4_K_M' },
        { name: 'qwen2.5:14b', sizeBytes: 9.0e9, family: 'qwen2', parameters: '14.8B', quantization: 'Q4_K_M' },
      ],
      problem: null,
      abilities: [],
      standsIn: true,
      restsUntilMs: null,
      lastAnswerAtMs: null,
      origin: 'builtin',
    },
  ],
  chosen: { id: 'ollama', kind: 'ollama', label: 'Ollama', model: 'llama3.2:3b' },
  isChecking: false,
  demo: 'ifNobodyIsThere',
  isOrderAutomatic: true,
  environment: [],
  secretsIn: 'system',
};

export const demoOnly: BackendsStatus = {
  backends: [
    {
      id: 'ollama',
      kind: 'ollama',
      label: 'Ollama',
      url: 'ollama://',
      host: '127.0.0.1:11434',
      state: 'unavailable',
      isOwned: false,
      version: null,
      latencyMs: null,
      models: [],
      problem: { code: 'ollama_not_installed', message: 'No Ollama was found', params: {} },
      abilities: [],
      standsIn: true,
      restsUntilMs: null,
      lastAnswerAtMs: null,
      origin: 'builtin',
    },
    {
      id: 'demo',
      kind: 'demo',
      label: 'Demo',
      url: 'demo://',
      host: null,
      state: 'ready',
      isOwned: false,
      version: null,
      latencyMs: null,
      models: [],
      problem: null,
      abilities: [],
      standsIn: true,
      restsUntilMs: null,
      lastAnswerAtMs: null,
      origin: 'builtin',
    },
  ],
  chosen: { id: 'demo', kind: 'demo', label: 'Demo', model: null },
  isChecking: false,
  demo: 'ifNobodyIsThere',
  isOrderAutomatic: true,
  environment: [],
  secretsIn: 'system',
};

/** One answer that main is writing; every call is one event. */
export interface PlayedAnswer {
  readonly id: MessageId;
  queue(place: QueuePlace): void;
  start(source?: AnswerSource): void;
  load(model: string): void;
  read(reading?: Partial<Reading>, agoMs?: number): void;
  think(thinking: string): void;
  say(text: string): void;
  /** All that was said turns out to be a thought. */
  rethink(): void;
  settle(more?: Partial<Message>): void;
  /** Every attached window loses its port now. */
  dropPorts(): void;
}

export function createFakeMain(start: { backends?: BackendsStatus; conversations?: Conversation[] } = {}) {
  const conversations = new Map((start.conversations ?? []).map((each) => [each.id, each]));
  const turns = new Map<MessageId, ReturnType<typeof createTurn>>();
  const changes = createTopic<ConversationChange>();
  const backendsTopic = createTopic<BackendsStatus>();
  let backends = start.backends ?? ollamaReady;
  const calls = {
    send: [] as SendInput[],
    retry: [] as MessageId[],
    /** Who was to answer instead, for each of them. */
    retriedBy: [] as { backend?: string; model?: string }[],
    goOn: [] as MessageId[],
    stop: [] as MessageId[],
    attach: [] as AttachInput[],
    seen: [] as { attachmentId: string; seq: number }[],
    settings: [] as object[],
    get: [] as ConversationId[],
    choose: [] as { id: ConversationId; choice: ChatChoice }[],
    showVersion: [] as MessageId[],
  };
  /** What the next call of that name throws, or waits for. */
  const next: {
    send?: Error;
    retry?: Error;
    get?: Error;
    choose?: Error;
    showVersion?: Error;
    showGate?: Promise<void>;
    check?: Error | BackendsStatus;
    sendGate?: Promise<void>;
  } = {};

  const tell = (conversation: Conversation) => changes.push({ type: 'changed', conversation });
  const playing = (message: Message) => {
    const turn = createTurn(message, (settled) => {
      replace(settled);
      const conversation = conversations.get(settled.conversationId);
      if (conversation) tell(conversation);
    });
    turns.set(message.id, turn);
    return turn;
  };
  const replace = (message: Message) => {
    const conversation = conversations.get(message.conversationId);
    if (!conversation) return;
    beside.update(message);
    const messages = conversation.messages.map((each) => (each.id === message.id ? message : each));
    conversations.set(conversation.id, { ...conversation, messages });
  };
  const beside = createBeside();
  const holding = (messageId: MessageId) => {
    const found = [...conversations.values()].find(({ messages }) =>
      messages.some(({ id }) => id === messageId || beside.of(id).some((each) => each.id === messageId)),
    );
    if (!found) throw mainError({ code: 'not_found' });
    return found;
  };
  /** A new answer is shown in place of the given one, and what followed that stays with it. */
  const answerBeside = (messageId: MessageId, textAfter: (before: Message) => string) => {
    const conversation = holding(messageId);
    const { messages } = conversation;
    const at = messages.findIndex(({ id }) => id === messageId);
    const before = messages[at]!;
    const answer = answerMessage('waiting', textAfter(before), {
      conversationId: conversation.id,
      parentId: before.parentId,
    });
    beside.add(before, answer);
    beside.keep(messages);
    append({ ...conversation, messages: messages.slice(0, at) }, answer);
    playing(answer);
    tell(find(conversation.id));
    return beside.told(answer);
  };
  const append = (conversation: Conversation, ...added: Message[]) => {
    const grown = {
      ...conversation,
      messages: [...conversation.messages, ...added],
      activeLeafId: added.at(-1)?.id ?? null,
    };
    conversations.set(grown.id, grown);
    return grown;
  };
  const take = <Key extends keyof typeof next>(key: Key) => {
    const value = next[key];
    delete next[key];
    if (value instanceof Error) throw value;
    return value;
  };
  for (const { messages } of conversations.values()) {
    for (const message of messages) if (message.state === 'waiting' || message.state === 'streaming') playing(message);
  }
  const find = (id: ConversationId) => {
    const conversation = conversations.get(id);
    if (!conversation) throw mainError({ code: 'not_found', message: 'This chat is not in the history any more.' });
    return conversation;
  };

  const lines = fakeLines({
    send: async (input: SendInput) => client.chat.send(input),
    isBusy: (id) => {
      const last = conversations.get(id)?.messages.at(-1);
      return last?.state === 'waiting' || last?.state === 'streaming';
    },
    onPut: (input) => calls.send.push(input),
  });
  const client = {
    chat: {
      async send(input: SendInput) {
        calls.send.push(input);
        await next.sendGate;
        take('send');
        const before =
          input.conversationId === null
            ? { ...conversationOf(input.text.slice(0, 60), []), ...(input.choice ? { choice: input.choice } : {}) }
            : find(input.conversationId);
        const question = questionMessage(input.text, { conversationId: before.id, parentId: before.activeLeafId });
        const answer = answerMessage('waiting', '', { conversationId: before.id, parentId: question.id });
        const conversation = append(before, question, answer);
        playing(answer);
        tell(conversation);
        return { conversation, question, answer };
      },
      async retry({ messageId, ...by }: { messageId: MessageId; backend?: string; model?: string }) {
        calls.retry.push(messageId);
        calls.retriedBy.push(by);
        take('retry');
        return { answer: answerBeside(messageId, () => '') };
      },
      async goOn({ messageId }: { messageId: MessageId }) {
        calls.goOn.push(messageId);
        return { answer: answerBeside(messageId, textOf) };
      },
      async stop({ messageId }: { messageId: MessageId }) {
        calls.stop.push(messageId);
        return {};
      },
      async attach(input: AttachInput, options: { signal: AbortSignal }) {
        calls.attach.push(input);
        const turn = turns.get(input.messageId);
        if (!turn) throw mainError({ code: 'not_found' });
        return turn.attach(input, options.signal);
      },
      async seen(input: { attachmentId: string; seq: number }) {
        calls.seen.push(input);
        return {};
      },
    },
    line: lines.client,
    conversations: {
      async get({ id }: { id: ConversationId }) {
        calls.get.push(id);
        take('get');
        const conversation = find(id);
        return structuredClone({ ...conversation, messages: conversation.messages.map(beside.told) });
      },
      async showVersion({ messageId }: { messageId: MessageId }) {
        calls.showVersion.push(messageId);
        await next.showGate;
        take('showVersion');
        const conversation = holding(messageId);
        beside.keep(conversation.messages);
        const at = conversation.messages.findIndex(({ id }) => beside.of(id).some((each) => each.id === messageId));
        const path = [...conversation.messages.slice(0, at), ...beside.path(messageId)];
        conversations.set(conversation.id, {
          ...conversation,
          messages: path,
          activeLeafId: path.at(-1)?.id ?? null,
        });
        tell(find(conversation.id));
        return client.conversations.get({ id: conversation.id });
      },
      list: async () => ({ items: [...conversations.values()].slice(0, 1), hasMore: false }),
      async choose(input: { id: ConversationId; choice: ChatChoice }) {
        calls.choose.push(input);
        take('choose');
        const conversation = { ...find(input.id), choice: input.choice };
        conversations.set(input.id, conversation);
        tell(conversation);
        return conversation;
      },
      watch: async (_input: undefined, options: { signal: AbortSignal }) => changes.listen(options.signal),
    },
    backends: {
      async check() {
        return take('check') ?? backends;
      },
      watch: async (_input: undefined, options: { signal: AbortSignal }) =>
        backendsTopic.listen(options.signal, [backends]),
    },
    settings: {
      async set(patch: object) {
        calls.settings.push(patch);
        return {};
      },
    },
  };

  return {
    client: client as unknown as HearthClient,
    line: lines.fake,
    calls,
    next,
    /** The answer that was begun last; those of the given conversations that still run count as begun. */
    answer: (): PlayedAnswer => {
      const last = [...turns.values()].at(-1);
      if (!last) throw new Error('No answer has been asked for.');
      return last;
    },
    conversation: (id: ConversationId) => find(id),
    /** Another window or the terminal adds a question and an answer. */
    addElsewhere(id: ConversationId, question: string, answer: Message) {
      const before = find(id);
      const asked = questionMessage(question, { conversationId: id, parentId: before.activeLeafId });
      const conversation = append(before, asked, { ...answer, conversationId: id, parentId: asked.id });
      if (answer.state === 'waiting') playing({ ...answer, conversationId: id, parentId: asked.id });
      tell(conversation);
    },
    /** What main found out about a message after its answer. */
    learn(message: Message, more: Partial<Message>) {
      const conversation = find(message.conversationId);
      replace({ ...message, ...more });
      tell(conversation);
    },
    delete(id: ConversationId) {
      conversations.delete(id);
      changes.push({ type: 'deleted', id });
    },
    setBackends(status: BackendsStatus) {
      backends = status;
      backendsTopic.push(status);
    },
  };
}
export type FakeMain = ReturnType<typeof createFakeMain>;

const aReading: Reading = {
  model: 'llama3.2:3b',
  tokens: 1_300,
  readTokens: null,
  expectedMs: null,
  isLate: false,
  behind: null,
};

function createTurn(initial: Message, onSettled: (message: Message) => void) {
  let message = initial;
  let seq = 0;
  const journal: TurnEvent[] = [];
  const topic = createTopic<TurnEvent>();
  const happen = (event: TurnEvent) => {
    journal.push(event);
    topic.push(event);
  };
  return {
    id: initial.id,
    queue: (place: QueuePlace) => happen({ type: 'queued', seq: ++seq, place }),
    start(source: AnswerSource = ollamaSource) {
      message = { ...message, state: 'streaming', source };
      happen({ type: 'started', seq: ++seq, source, sinceMs: Date.now() });
    },
    load: (model: string, sinceMs = Date.now()) => happen({ type: 'loading', seq: ++seq, model, sinceMs }),
    /** @param agoMs since when it reads */
    read: (reading: Partial<Reading> = {}, agoMs = 0) =>
      happen({ type: 'reading', seq: ++seq, sinceMs: Date.now() - agoMs, ...aReading, ...reading }),
    think(thinking: string) {
      message = { ...message, parts: [...message.parts, { type: 'thinking', text: thinking }] };
      happen({ type: 'delta', seq: ++seq, thinking });
    },
    say(text: string) {
      const thoughts = message.parts.filter((part) => part.type === 'thinking');
      message = {
        ...message,
        state: 'streaming',
        parts: [...thoughts, { type: 'text', text: textOf(message) + text }],
      };
      happen({ type: 'delta', seq: ++seq, text });
    },
    rethink() {
      message = { ...message, parts: [{ type: 'thinking', text: textOf(message) }] };
      happen({ type: 'relabel', seq: ++seq, as: 'thinking' });
    },
    settle(more: Partial<Message> = {}) {
      message = { ...message, state: 'done', settledAtMs: NOON_MS, ...more };
      happen({ type: 'settled', seq: ++seq, message });
      onSettled(message);
    },
    dropPorts: () => topic.fail(new Error('The port was closed.')),
    attach(input: AttachInput, signal: AbortSignal): AsyncIterable<TurnEvent> {
      const { afterSeq } = input;
      const missed: TurnEvent[] =
        afterSeq === undefined
          ? [{ type: 'snapshot', seq, message, place: null }]
          : journal.filter((event) => event.seq > afterSeq);
      return topic.listen(signal, missed);
    },
  };
}
