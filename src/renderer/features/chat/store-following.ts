// The store's way of following answers: those that run on the open path, until they are settled or the view goes.
import type { Message, MessageVersion } from '../../../contract/conversations.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import { afterEvents, changeLive, dropLive, liveAnswer, setLive, useLiveAnswers } from './live.ts';
import { isRunning, type Access, type ChatState } from './store-state.ts';
import { followAnswer } from './stream.ts';

export interface Following extends Pick<ChatState, 'followAgain'> {
  /** Follows an answer that runs; one that is followed already goes on undisturbed. */
  follow: (message: Message) => void;
  /** Forgets an answer that does not run any more. */
  unfollow: (id: MessageId) => void;
  /** False too for an answer that this window lost sight of. */
  isFollowed: (id: MessageId) => boolean;
  /** Stops looking; the answers go on in main. */
  unfollowAll: () => void;
}

/** With how it ended. What the disk refused comes without its versions. */
function versionsAfter({ messages }: ChatState, { id, state, versions }: Message): MessageVersion[] | undefined {
  return versions ?? messages[id]?.versions?.map((version) => (version.id === id ? { id, state } : version));
}

/** Every answer is followed once. */
export function createFollowing({ set }: Pick<Access, 'set'>): Following {
  /** How to stop following each answer. */
  const follows = new Map<MessageId, () => void>();

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
      messages: { ...state.messages, [message.id]: { ...message, versions: versionsAfter(state, message) } },
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

  return {
    follow,
    unfollow,

    isFollowed: (id) => follows.has(id),

    unfollowAll() {
      for (const stop of follows.values()) stop();
      follows.clear();
    },

    followAgain(id) {
      const live = useLiveAnswers.getState()[id];
      if (!live || follows.has(id)) return;
      changeLive(id, { lost: null });
      follow(live.message);
    },
  };
}
