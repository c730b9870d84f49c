// Asking for an answer again, carrying one on, stopping a running one.
import type { Message } from '../../../contract/conversations.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import { withAttempt } from './attempts.ts';
import { changeLive, useLiveAnswers } from './live.ts';
import type { Way } from './remedy-ways.ts';
import type { Following } from './store-following.ts';
import type { Opening } from './store-opening.ts';
import type { Sending } from './store-sending.ts';
import { isAsking, isRunning, type Access, type ChatState } from './store-state.ts';

type Asking = Pick<ChatState, 'askAgain' | 'goOn' | 'stop'>;

type Parts = Access &
  Pick<Following, 'follow' | 'unfollow'> &
  Pick<Opening, 'refresh' | 'catchUp'> &
  Pick<Sending, 'sendAfter' | 'whenSent'>;

/** One retry at a time; one that main did not take says so in `trouble`. */
export function createAsking(parts: Parts): Asking {
  const { get, set, follow, unfollow, refresh, catchUp, sendAfter, whenSent } = parts;
  /** Answers that are to be replaced, and how each ends. */
  const underWay = new Map<MessageId, Promise<void>>();

  /** After what is on its way already; a second press of what is under way is one. */
  function replaceOnce(id: MessageId, way: Way, ask: () => Promise<{ answer: Message }>): Promise<void> {
    const before = [...underWay.values()];
    const mine = underWay.get(id) ?? replace(id, way, ask, before).finally(() => underWay.delete(id));
    underWay.set(id, mine);
    return mine;
  }

  /** A new answer is shown in place of this one, which stays beside it. One that runs is left, and runs on. */
  async function replace(
    id: MessageId,
    way: Way,
    ask: () => Promise<{ answer: Message }>,
    before: readonly Promise<void>[],
  ): Promise<void> {
    const asked = get().viewNumber;
    if (isAsking(get())) await Promise.all([...before, whenSent()]);
    if (asked !== get().viewNumber) return;
    set({ isAskingAgain: true, trouble: null });
    try {
      const work = ask();
      sendAfter(work);
      const { answer } = await work;
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
    askAgain: (id, { way = 'again', ...by } = {}) =>
      replaceOnce(id, way, () => getClient().chat.retry({ messageId: id, ...by })),
    goOn: (id) => replaceOnce(id, 'goOn', () => getClient().chat.goOn({ messageId: id })),

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
