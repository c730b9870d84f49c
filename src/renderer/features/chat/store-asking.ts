// Asking: the draft is sent, an answer asked for again, a running one stopped.
import type { Message } from '../../../contract/conversations.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import { withAttempt } from './attempts.ts';
import { changeLive, useLiveAnswers } from './live.ts';
import type { Way } from './remedy-ways.ts';
import type { Choosing } from './store-choosing.ts';
import type { Drafts } from './store-drafts.ts';
import type { Following } from './store-following.ts';
import type { Opening } from './store-opening.ts';
import { isAsking, isRunning, type Access, type ChatState } from './store-state.ts';

type Asking = Pick<ChatState, 'send' | 'askAgain' | 'goOn' | 'stop'>;

type Parts = Access &
  Pick<Following, 'follow' | 'unfollow'> &
  Pick<Choosing, 'takeChoice'> &
  Pick<Drafts, 'giveBack'> &
  Pick<Opening, 'refresh' | 'catchUp'>;

/** One question or retry at a time; one that main did not take says so in `trouble`. */
export function createAsking(parts: Parts): Asking {
  const { get, set, follow, unfollow, takeChoice, giveBack, refresh, catchUp } = parts;

  /** A new answer is shown in place of this one, which stays beside it. One that runs is left, and runs on. */
  async function replace(id: MessageId, way: Way, ask: () => Promise<{ answer: Message }>): Promise<void> {
    if (isAsking(get())) return;
    set({ isAskingAgain: true, trouble: null });
    const asked = get().viewNumber;
    try {
      const { answer } = await ask();
      if (asked !== get().viewNumber) return;
      set({ isAskingAgain: false });
      const { order } = get();
      // Another window shows another path meanwhile, and with it so does this one.
      if (!order.includes(id)) return void refresh();
      // What followed the old one goes out of sight with it.
      const path = [...order.slice(0, order.indexOf(id)), answer.id];
      set(({ messages, attempts }) => ({
        order: path,
        messages: { ...messages, [answer.id]: answer },
        attempts: withAttempt(attempts, { before: messages[id], answer: answer.id, way, atMs: Date.now() }),
      }));
      for (const one of get().running) if (!path.includes(one)) unfollow(one);
      if (isRunning(answer)) follow(answer);
      catchUp();
    } catch (error) {
      if (asked === get().viewNumber) set({ isAskingAgain: false, trouble: asErrorInfo(error) });
    }
  }

  return {
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
        giveBack(conversationId, text);
      }
    },

    askAgain: (id, { way = 'again', ...by } = {}) =>
      replace(id, way, () => getClient().chat.retry({ messageId: id, ...by })),
    goOn: (id) => replace(id, 'goOn', () => getClient().chat.goOn({ messageId: id })),

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
  };
}
