// The open conversation: its messages, the draft, and what can be done with them. Text that streams is in live.ts.
import { create } from 'zustand';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { ChatChoice, Conversation, ConversationChange, Message } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { asErrorInfo, getClient, watch } from '../../lib/index.ts';
import { ensureModel, useModels } from '../models/index.ts';
import { useSettings } from '../settings/index.ts';
import { ownChoice } from './choice.ts';
import { afterEvents, changeLive, dropLive, liveAnswer, setLive, useLiveAnswers } from './live.ts';
import { followAnswer } from './stream.ts';

export interface ChatState {
  /** Null is a new chat, which main has not heard of. */
  conversationId: ConversationId | null;
  title: string | null;
  phase: 'new' | 'loading' | 'ready' | 'failed';
  /** Why the conversation could not be opened. */
  problem: ErrorInfo | null;
  /** The path from the root to the active leaf. */
  order: readonly MessageId[];
  /** As last stored; a running answer's text is in `useLiveAnswers`. */
  messages: Readonly<Record<MessageId, Message>>;
  /** Answers that run on this path, oldest first. */
  running: readonly MessageId[];
  /** How long an answer's model thought, where this window saw it. */
  thoughtMs: Readonly<Record<MessageId, number>>;
  /** The question on its way to main: shown at once. */
  pendingQuestion: string | null;
  isAskingAgain: boolean;
  draft: string;
  /** Which backend and model the open chat asks; null leaves it to the settings. */
  choice: ChatChoice | null;
  /** The same for the next new chat: it goes with its first question. */
  newChoice: ChatChoice | null;
  /** Why the last thing asked for did not happen; shown above the composer. */
  trouble: ErrorInfo | null;
  backends: BackendsStatus | null;
  /** Counts the conversations shown, so that late answers to old questions are told apart. */
  viewNumber: number;
  /** Counts the times the composer was wanted: then it takes the focus. */
  focusNumber: number;

  open: (id: ConversationId) => Promise<void>;
  startNew: () => void;
  setDraft: (text: string) => void;
  /** Sends the draft. Nothing happens while it is blank or an answer runs. */
  send: () => Promise<void>;
  /** Asks for a new answer beside this one. */
  askAgain: (id: MessageId) => Promise<void>;
  stop: () => Promise<void>;
  /** Follows an answer again that this window lost sight of. */
  followAgain: (id: MessageId) => void;
  /** Where this chat's questions go from now on; null leaves it to the settings. */
  choose: (choice: ChatChoice | null) => Promise<void>;
  /** Makes a choice the one of the settings: new chats begin with it. */
  keepChoice: (choice: ChatChoice) => Promise<void>;
  /** Makes sure a model is here. */
  fetchModel: (model: string) => Promise<void>;
  dismissTrouble: () => void;
  focusComposer: () => void;
  /** Follows main's news as long as the view lives; returns how to end that. */
  connect: () => () => void;
}

const EMPTY = {
  title: null,
  problem: null,
  order: [],
  messages: {},
  running: [],
  thoughtMs: {},
  pendingQuestion: null,
  isAskingAgain: false,
  choice: null,
  trouble: null,
} satisfies Partial<ChatState>;

/** Drafts of the conversations that are not open; lost with the window. */
const drafts = new Map<ConversationId | null, string>();
const follows = new Map<MessageId, () => void>();
/** The active leaf that main told of while a question was on its way, to be compared with what comes back. */
let leafElsewhere: MessageId | null = null;
let isRefreshing = false;
let isRefreshWanted = false;
/** Choices that main has not answered yet; until then what it tells is older than what is on screen. */
let choicesUnderWay = 0;

export const useChatStore = create<ChatState>()((set, get) => {
  function show(id: ConversationId | null, phase: ChatState['phase']): number {
    const { conversationId, draft } = get();
    drafts.set(conversationId, draft);
    const kept = drafts.get(id) ?? '';
    drafts.delete(id);
    for (const stop of follows.values()) stop();
    follows.clear();
    useLiveAnswers.setState({}, true);
    set((state) => ({
      ...EMPTY,
      conversationId: id,
      phase,
      draft: kept,
      viewNumber: state.viewNumber + 1,
      focusNumber: state.focusNumber + 1,
    }));
    leafElsewhere = null;
    return get().viewNumber;
  }

  function follow(message: Message): void {
    if (follows.has(message.id)) return;
    const { id } = message;
    setLive(id, useLiveAnswers.getState()[id] ?? liveAnswer(message));
    set(({ running }) => ({ running: running.includes(id) ? running : [...running, id] }));
    const stop = followAnswer({
      messageId: id,
      port: () => getClient().chat,
      apply: (events) => {
        const before = useLiveAnswers.getState()[id];
        if (!before) return;
        const live = afterEvents(before, events, Date.now());
        if (isRunning(live.message)) setLive(id, live);
        else settle(live.message, live.thoughtMs);
      },
      onLost: (error) => {
        follows.delete(id);
        changeLive(id, { lost: asErrorInfo(error) });
      },
      isFinal: (error) => asErrorInfo(error).code === 'not_found' || asErrorInfo(error).code === 'bad_request',
    });
    follows.set(id, stop);
  }

  function settle(message: Message, thoughtMs: number | null): void {
    set((state) => ({
      messages: { ...state.messages, [message.id]: message },
      thoughtMs: thoughtMs === null ? state.thoughtMs : { ...state.thoughtMs, [message.id]: thoughtMs },
    }));
    unfollow(message.id);
  }

  function unfollow(id: MessageId): void {
    follows.get(id)?.();
    follows.delete(id);
    set(({ running }) => ({ running: running.filter((each) => each !== id) }));
    dropLive(id);
  }

  /** Takes over what is stored. Streams that run go on undisturbed; what is settled here stays settled. */
  function take(conversation: Conversation): void {
    const before = get().messages;
    const messages: Record<MessageId, Message> = {};
    for (const message of conversation.messages) {
      const known = before[message.id];
      messages[message.id] = known && !isRunning(known) && isRunning(message) ? known : message;
    }
    const order = conversation.messages.map((message) => message.id);
    set({ title: conversation.title, phase: 'ready', problem: null, order, messages });
    takeChoice(conversation);
    for (const id of get().running) {
      const message = messages[id];
      // One that this window lost sight of has come to its end meanwhile.
      if (!message || (!isRunning(message) && !follows.has(id))) unfollow(id);
    }
    for (const id of order) if (messages[id] && isRunning(messages[id])) follow(messages[id]);
  }

  function takeChoice({ choice }: Pick<Conversation, 'choice'>): void {
    if (choicesUnderWay === 0) set({ choice: ownChoice(choice) });
  }

  /** Reads the open conversation again, one reading at a time. */
  async function refresh(): Promise<void> {
    if (isRefreshing) {
      isRefreshWanted = true;
      return;
    }
    isRefreshing = true;
    do {
      isRefreshWanted = false;
      const { conversationId: id, phase, viewNumber: asked } = get();
      if (id === null || phase !== 'ready' || isAsking(get())) break;
      try {
        const conversation = await getClient().conversations.get({ id });
        if (asked === get().viewNumber && !isAsking(get())) take(conversation);
      } catch (error) {
        // Of a chat that is not open any more nobody wants to hear.
        if (asked === get().viewNumber) set({ trouble: asErrorInfo(error) });
      }
    } while (isRefreshWanted);
    isRefreshing = false;
  }

  function onChange(change: ConversationChange): void {
    const { conversationId, order } = get();
    if (change.type === 'deleted') {
      if (change.id === conversationId) get().startNew();
      return;
    }
    if (change.conversation.id !== conversationId) return;
    set({ title: change.conversation.title });
    takeChoice(change.conversation);
    if (isAsking(get())) leafElsewhere = change.conversation.activeLeafId;
    else if (change.conversation.activeLeafId !== order.at(-1) || awaitsTone(get())) void refresh();
  }

  /** After a question of ours has come back: has somebody else written to this conversation in the meantime? */
  function catchUp(question?: Message): void {
    const { order } = get();
    const isBesideOthers = question !== undefined && question.parentId !== (order.at(-3) ?? null);
    if (isBesideOthers || (leafElsewhere !== null && leafElsewhere !== order.at(-1))) void refresh();
    leafElsewhere = null;
  }

  return {
    ...EMPTY,
    conversationId: null,
    phase: 'new',
    draft: '',
    newChoice: null,
    backends: null,
    viewNumber: 0,
    focusNumber: 0,

    async open(id) {
      if (id === get().conversationId && get().phase !== 'failed') return;
      const asked = show(id, 'loading');
      try {
        const conversation = await getClient().conversations.get({ id });
        if (asked === get().viewNumber) take(conversation);
      } catch (error) {
        if (asked === get().viewNumber) set({ phase: 'failed', problem: asErrorInfo(error) });
      }
    },

    startNew() {
      show(null, 'new');
    },

    setDraft(draft) {
      set({ draft });
    },

    async send() {
      const { conversationId, draft, running, phase, newChoice } = get();
      // Blank lines around it go; the indentation of its first line may mean something.
      const text = draft.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
      if (text === '' || running.length > 0 || isAsking(get()) || (phase !== 'new' && phase !== 'ready')) return;
      set({ pendingQuestion: text, draft: '', trouble: null });
      const asked = get().viewNumber;
      try {
        const isFirst = conversationId === null;
        const choice = isFirst && newChoice ? { choice: newChoice } : {};
        const { conversation, question, answer } = await getClient().chat.send({ conversationId, text, ...choice });
        const chosenSince = get().newChoice;
        if (isFirst && chosenSince === newChoice) set({ newChoice: null });
        if (asked !== get().viewNumber) return;
        set((state) => ({
          conversationId: conversation.id,
          title: conversation.title,
          phase: 'ready',
          pendingQuestion: null,
          order: [...state.order, question.id, answer.id],
          messages: { ...state.messages, [question.id]: question, [answer.id]: answer },
        }));
        takeChoice(conversation);
        if (isRunning(answer)) follow(answer);
        catchUp(question);
        // Chosen while the first question was on its way: it counts for the chat that has begun.
        if (isFirst && chosenSince !== newChoice) {
          set({ newChoice: null });
          void get().choose(chosenSince);
        }
      } catch (error) {
        set({ trouble: asErrorInfo(error), ...(asked === get().viewNumber && { pendingQuestion: null }) });
        if (get().conversationId === conversationId) set((state) => ({ draft: joined(text, state.draft) }));
        else drafts.set(conversationId, joined(text, drafts.get(conversationId) ?? ''));
      }
    },

    async askAgain(id) {
      if (get().running.length > 0 || isAsking(get())) return;
      set({ isAskingAgain: true, trouble: null });
      const asked = get().viewNumber;
      try {
        const { answer } = await getClient().chat.retry({ messageId: id });
        if (asked !== get().viewNumber) return;
        set((state) => ({
          isAskingAgain: false,
          order: state.order.map((each) => (each === id ? answer.id : each)),
          messages: { ...state.messages, [answer.id]: answer },
        }));
        if (isRunning(answer)) follow(answer);
        catchUp();
      } catch (error) {
        if (asked === get().viewNumber) set({ isAskingAgain: false, trouble: asErrorInfo(error) });
      }
    },

    async stop() {
      const id = get().running.at(-1);
      if (id === undefined || useLiveAnswers.getState()[id]?.isStopping) return;
      changeLive(id, { isStopping: true });
      try {
        await getClient().chat.stop({ messageId: id });
      } catch (error) {
        changeLive(id, { isStopping: false });
        set({ trouble: asErrorInfo(error) });
      }
    },

    followAgain(id) {
      const live = useLiveAnswers.getState()[id];
      if (!live || follows.has(id)) return;
      changeLive(id, { lost: null });
      follow(live.message);
    },

    async choose(wanted) {
      const choice = ownChoice(wanted);
      const { conversationId: id, choice: before, viewNumber: asked } = get();
      if (id === null) {
        set({ newChoice: choice });
        return;
      }
      set({ choice, trouble: null });
      choicesUnderWay += 1;
      try {
        const kept = await getClient().conversations.choose({ id, choice: choice ?? { backend: null, model: null } });
        choicesUnderWay -= 1;
        if (asked === get().viewNumber) takeChoice(kept);
      } catch (error) {
        choicesUnderWay -= 1;
        if (asked === get().viewNumber) set({ choice: before, trouble: asErrorInfo(error) });
      }
    },

    async keepChoice({ backend, model }) {
      const isBuiltIn = get().backends?.backends.find(({ id }) => id === backend)?.kind === 'llamacpp';
      const { installed } = useModels.getState().models ?? {};
      // The built-in engine's model has a setting of its own: its file.
      const file = installed?.find((one) => one.engine === 'llamacpp' && one.name === model)?.path ?? null;
      try {
        await getClient().settings.set({
          backend: backend ?? 'auto',
          model: isBuiltIn ? null : model,
          ...(isBuiltIn && file !== null ? { llamacpp: { modelPath: file } } : {}),
        });
      } catch (error) {
        set({ trouble: asErrorInfo(error) });
      }
    },

    async fetchModel(model) {
      try {
        await ensureModel(model);
      } catch (error) {
        set({ trouble: asErrorInfo(error) });
      }
    },

    focusComposer() {
      set(({ focusNumber }) => ({ focusNumber: focusNumber + 1 }));
    },

    dismissTrouble() {
      set({ trouble: null });
    },

    connect() {
      const life = new AbortController();
      const { signal } = life;
      // What happened while nobody watched is read again.
      void watch((options) => getClient().conversations.watch(undefined, options), onChange, {
        signal,
        onOpen: () => void refresh(),
      });
      void watch(
        (options) => getClient().backends.watch(undefined, options),
        (backends) => set({ backends }),
        { signal },
      );
      // A view that comes back follows again what still runs.
      for (const message of Object.values(get().messages)) if (isRunning(message)) follow(message);
      return () => {
        life.abort();
        for (const stop of follows.values()) stop();
        follows.clear();
      };
    },
  };
});

/** Whether an answer is still to come or being written. */
export function isRunning(message: Message): boolean {
  return message.state === 'waiting' || message.state === 'streaming';
}

/** Where the next question goes: the open chat's choice, or that of the chat to be begun. */
export function currentChoice(state: Pick<ChatState, 'conversationId' | 'choice' | 'newChoice'>): ChatChoice | null {
  return state.conversationId === null ? state.newChoice : state.choice;
}

/** Whether the tone of the last question is still to be judged: it comes after the answer, with no message of its own. */
function awaitsTone({ order, messages, running }: ChatState): boolean {
  if (running.length > 0 || !useSettings.getState().settings?.purposes.emotion.isOn) return false;
  const last = order.findLast((id) => messages[id]?.role === 'user');
  return last !== undefined && messages[last]?.emotion === undefined;
}

/** Whether a question or a retry is on its way to main. */
export function isAsking(state: Pick<ChatState, 'pendingQuestion' | 'isAskingAgain'>): boolean {
  return state.pendingQuestion !== null || state.isAskingAgain;
}

/** A question that came back, before what was typed since. */
function joined(returned: string, typed: string): string {
  return typed === '' ? returned : `${returned}\n${typed}`;
}
