// Sending: what this window has to send goes to main one after the other, is asked or put in line there, or comes back.
import type { ConversationId } from '../../../contract/ids.ts';
import type { InOrderResult } from '../../../contract/line.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import type { Choosing } from './store-choosing.ts';
import type { Drafts } from './store-drafts.ts';
import type { Following } from './store-following.ts';
import { showInLine, useLine } from './store-line.ts';
import type { Opening } from './store-opening.ts';
import { isAsking, isRunning, type Access, type ChatState } from './store-state.ts';

export interface Sending extends Pick<ChatState, 'send'> {
  /** Until this has ended nothing is sent: it decides what comes before it. */
  sendAfter: (work: Promise<unknown>) => void;
  /** Resolves when nothing is on its way to main any more. */
  whenSent: () => Promise<void>;
}

type Parts = Access &
  Pick<Following, 'follow'> &
  Pick<Choosing, 'takeChoice'> &
  Pick<Drafts, 'giveBack'> &
  Pick<Opening, 'catchUp'>;

interface Unsent {
  text: string;
  /** Null until main knows the chat that begins with what is before it. */
  id: ConversationId | null;
  /** The view that it was written in. */
  view: number;
  /** Nothing comes before it: it is shown as a question already. */
  isNext: boolean;
}

/** One at a time; what main did not take says so in `trouble`. */
export function createSending({ get, set, follow, takeChoice, giveBack, catchUp }: Parts): Sending {
  /** The first is on its way. */
  let unsent: Unsent[] = [];
  let sending: Promise<void> | null = null;
  let before: Promise<unknown> | null = null;

  /** Shows those of the open chat. */
  function show(): void {
    const mine = unsent.filter(({ view }) => view === get().viewNumber);
    set({
      pendingQuestion: mine.find(({ isNext }) => isNext)?.text ?? null,
      unsent: mine.filter(({ isNext }) => !isNext).map(({ text }) => text),
    });
  }

  async function sendAll(): Promise<void> {
    for (let first = unsent[0]; first !== undefined; first = unsent[0]) {
      if (before !== null) await before;
      await deliver(first);
    }
    sending = null;
  }

  async function deliver(first: Unsent): Promise<void> {
    const { id, text, view } = first;
    const { newChoice } = get();
    try {
      const result = id === null ? await begin(text) : await getClient().line.send({ conversationId: id, text });
      unsent = unsent.filter((one) => one !== first);
      if (result.type === 'asked') {
        const { conversation } = result;
        unsent = unsent.map((one) => (one.view === view && one.id === null ? { ...one, id: conversation.id } : one));
      }
      const chosenSince = get().newChoice;
      if (id === null && chosenSince === newChoice) set({ newChoice: null });
      if (view !== get().viewNumber) return;
      if (result.type === 'asked') takeAsked(result);
      else showInLine(result.message);
      show();
      catchUp(result.type === 'asked' ? result.question : undefined);
      // Chosen while the first question was on its way: it counts for the chat that has begun.
      if (id === null && chosenSince !== newChoice) {
        set({ newChoice: null });
        void get().choose(chosenSince);
      }
    } catch (error) {
      // With all that followed it, in their order.
      const lost = unsent.filter((one) => one.view === view);
      unsent = unsent.filter((one) => one.view !== view);
      set({ trouble: asErrorInfo(error) });
      show();
      giveBack(id, lost.map((one) => one.text).join('\n'));
    }
  }

  async function begin(text: string): Promise<InOrderResult> {
    const { newChoice } = get();
    const choice = newChoice ? { choice: newChoice } : {};
    return { type: 'asked', ...(await getClient().chat.send({ conversationId: null, text, ...choice })) };
  }

  function takeAsked({ conversation, question, answer }: Extract<InOrderResult, { type: 'asked' }>): void {
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
  }

  return {
    sendAfter(work) {
      const mine = work
        .catch(() => undefined)
        .finally(() => {
          if (before === mine) before = null;
        });
      before = mine;
    },

    whenSent: () => sending ?? Promise.resolve(),

    async send() {
      const { conversationId: id, draft, running, phase, viewNumber: view } = get();
      // Blank lines around it go; the indentation of its first line may mean something.
      const text = draft.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
      if (text === '' || (phase !== 'new' && phase !== 'ready')) return;
      const isNext = running.length === 0 && !isAsking(get()) && useLine.getState().messages.length === 0;
      unsent.push({ text, id, view, isNext });
      set({ draft: '', trouble: null });
      show();
      sending ??= sendAll();
      await sending;
    },
  };
}
