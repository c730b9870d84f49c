// What the chat store holds and can do, and what follows from it. Nothing is changed here.
import type { StoreApi } from 'zustand';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { ChatChoice, InBin, Message } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { BackendId, ConversationId, MessageId } from '../../../contract/ids.ts';
import type { InLine } from '../../../contract/line.ts';
import type { Attempts } from './attempts.ts';
import type { Way } from './remedy-ways.ts';

export interface ChatState {
  /** Null is a new chat, which main has not heard of. */
  conversationId: ConversationId | null;
  title: string | null;
  phase: 'new' | 'loading' | 'ready' | 'failed';
  /** Why the conversation could not be opened. */
  problem: ErrorInfo | null;
  /** Set while one looks into a chat that is in the bin: it can be read, and nothing else. */
  bin: InBin | null;
  /** The path from the root to the active leaf. */
  order: readonly MessageId[];
  /** As last stored; a running answer's text is in `useLiveAnswers`. */
  messages: Readonly<Record<MessageId, Message>>;
  /** Answers that run on this path, oldest first. */
  running: readonly MessageId[];
  /** How long an answer's model thought, where this window saw it. */
  thoughtMs: Readonly<Record<MessageId, number>>;
  /** What was tried before an answer for the same question, where this window saw it. */
  attempts: Attempts;
  /** The question on its way to main: shown at once. */
  pendingQuestion: string | null;
  isAskingAgain: boolean;
  /** Another version has been asked for and is not here yet. */
  isTurning: boolean;
  /** The version that was chosen last in this window, to be told; `times` counts the choices. */
  turned: { id: MessageId; number: number; count: number; times: number } | null;
  /** The place in `order` where a message took that of another, here or elsewhere; `times` counts. */
  swapped: { index: number; times: number } | null;
  /** Messages behind what is on its way to main: they follow it there. */
  unsent: readonly string[];
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
  /** Brings the chat that is looked into back from the bin. */
  restore: () => Promise<void>;
  /** Opens a chat that is back, unless something else was begun meanwhile. */
  openRestored: (id: ConversationId) => void;
  setDraft: (text: string) => void;
  /** Puts words before what is typed: a question to be changed, or what would be lost; null is the next new chat. */
  giveBack: (id: ConversationId | null, text: string) => void;
  /** Sends the draft, unless it is blank. Behind an answer that is still to come it waits in line. */
  send: () => Promise<void>;
  /** Out of the line, with a way back. */
  removeFromLine: (message: InLine) => Promise<void>;
  /** False when it could not be kept and should be tried again. Made blank, the message is removed. */
  changeInLine: (message: InLine, text: string) => Promise<boolean>;
  /** A line that waits for the person goes on. */
  sendLineNow: () => Promise<void>;
  /** Asks for a new answer beside this one; `way` says what for, backend and model who answers this once. */
  askAgain: (id: MessageId, how?: { way?: Way; backend?: BackendId; model?: string }) => Promise<void>;
  /** Asks for a new answer that carries this one on. */
  goOn: (id: MessageId) => Promise<void>;
  /** Shows the version so many after the one that is shown; what follows changes with it. */
  showVersion: (shown: MessageId, by: number) => Promise<void>;
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

/** How a part of the store reads and changes the whole. */
export interface Access {
  get: StoreApi<ChatState>['getState'];
  set: StoreApi<ChatState>['setState'];
}

/** A conversation of which nothing is known yet. */
export const EMPTY = {
  title: null,
  problem: null,
  bin: null,
  order: [],
  messages: {},
  running: [],
  thoughtMs: {},
  attempts: {},
  pendingQuestion: null,
  isAskingAgain: false,
  isTurning: false,
  turned: null,
  swapped: null,
  unsent: [],
  choice: null,
  trouble: null,
} satisfies Partial<ChatState>;

/** Whether an answer is still to come or being written. */
export function isRunning(message: Pick<Message, 'state'>): boolean {
  return message.state === 'waiting' || message.state === 'streaming';
}

/** Whether a message or a retry is on its way to main. */
export function isAsking(state: Pick<ChatState, 'pendingQuestion' | 'isAskingAgain' | 'unsent'>): boolean {
  return state.pendingQuestion !== null || state.unsent.length > 0 || state.isAskingAgain;
}

/** Where the next question goes: the open chat's choice, or that of the chat to be begun. */
export function currentChoice(state: Pick<ChatState, 'conversationId' | 'choice' | 'newChoice'>): ChatChoice | null {
  return state.conversationId === null ? state.newChoice : state.choice;
}
