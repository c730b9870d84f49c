// The open conversation: its messages, the draft, and what can be done with them, put together from the parts in store-*.ts.
// Text that streams is in live.ts.
import { create } from 'zustand';
import { getClient, watch } from '../../lib/index.ts';
import { createAsking } from './store-asking.ts';
import { createChoosing } from './store-choosing.ts';
import { createDrafts } from './store-drafts.ts';
import { createFollowing } from './store-following.ts';
import { createLining, followLine } from './store-line.ts';
import { createOpening } from './store-opening.ts';
import { createSending } from './store-sending.ts';
import { EMPTY, isRunning, type ChatState } from './store-state.ts';
import { createVersions } from './store-versions.ts';

/** The chat on screen; there is one for the window. */
export const useChatStore = create<ChatState>()((set, get, chat) => {
  const access = { get, set };
  const { setDraft, swapDraft, giveBack } = createDrafts(access);
  const { follow, unfollow, isFollowed, unfollowAll, followAgain } = createFollowing(access);
  const { takeChoice, choose, keepChoice, fetchModel } = createChoosing(access);
  const { refresh, onChange, take, catchUp, open, startNew, restore, openRestored } = createOpening({
    ...access,
    follow,
    unfollow,
    isFollowed,
    unfollowAll,
    takeChoice,
    swapDraft,
  });
  const { showVersion } = createVersions({ ...access, take, catchUp });
  const { send, sendAfter, whenSent } = createSending({ ...access, follow, takeChoice, giveBack, catchUp });
  const { askAgain, goOn, stop } = createAsking({ ...access, follow, unfollow, refresh, catchUp, sendAfter, whenSent });

  return {
    ...EMPTY,
    conversationId: null,
    phase: 'new',
    draft: '',
    newChoice: null,
    backends: null,
    viewNumber: 0,
    focusNumber: 0,

    open,
    startNew,
    restore,
    openRestored,
    setDraft,
    giveBack,
    send,
    askAgain,
    goOn,
    showVersion,
    stop,
    ...createLining({ ...access, giveBack }),
    followAgain,
    choose,
    keepChoice,
    fetchModel,

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
      const unfollowLine = followLine(chat);
      // A view that comes back follows again what still runs.
      for (const message of Object.values(get().messages)) if (isRunning(message)) follow(message);
      return () => {
        life.abort();
        unfollowLine();
        unfollowAll();
      };
    },
  };
});
