// Which conversation is open: shown, read from main, and read again when others have written to it.
import type { Conversation, ConversationChange, Message } from '../../../contract/conversations.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import { useSettings } from '../settings/index.ts';
import { useLiveAnswers } from './live.ts';
import type { Choosing } from './store-choosing.ts';
import type { Drafts } from './store-drafts.ts';
import type { Following } from './store-following.ts';
import { EMPTY, isAsking, isRunning, type Access, type ChatState } from './store-state.ts';

export interface Opening extends Pick<ChatState, 'open' | 'startNew' | 'restore' | 'openRestored'> {
  /** Reads the open conversation again, one reading at a time. */
  refresh: () => Promise<void>;
  /** Takes over what is stored of the open conversation. */
  take: (conversation: Conversation) => void;
  /** Takes in what main tells of any conversation. */
  onChange: (change: ConversationChange) => void;
  /** After a question of ours has come back: has somebody else written to this conversation in the meantime? */
  catchUp: (question?: Message) => void;
}

type Parts = Access &
  Pick<Following, 'follow' | 'unfollow' | 'isFollowed' | 'unfollowAll'> &
  Pick<Choosing, 'takeChoice'> &
  Pick<Drafts, 'swapDraft'>;

/** Whatever main answers for a conversation that has been left since is dropped. */
export function createOpening(parts: Parts): Opening {
  const { get, set, follow, unfollow, isFollowed, unfollowAll, takeChoice, swapDraft } = parts;
  /** The active leaf that main told of while a question was on its way, to be compared with what comes back. */
  let leafElsewhere: MessageId | null = null;
  let isRefreshing = false;
  let isRefreshWanted = false;

  /** Shows a conversation empty; returns the number of this view. */
  function show(id: ConversationId | null, phase: ChatState['phase']): number {
    const kept = swapDraft(id);
    unfollowAll();
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

  /** Streams that run go on undisturbed; what is settled here stays settled. */
  function take(conversation: Conversation): void {
    const before = get().messages;
    const messages: Record<MessageId, Message> = {};
    for (const message of conversation.messages) {
      const known = before[message.id];
      messages[message.id] = known && !isRunning(known) && isRunning(message) ? known : message;
    }
    const order = conversation.messages.map((message) => message.id);
    const earlier = get().order;
    const index = order.findIndex((id, at) => earlier[at] !== undefined && earlier[at] !== id);
    set(({ swapped }) => ({
      title: conversation.title,
      phase: 'ready',
      problem: null,
      order,
      messages,
      bin: conversation.bin ?? null,
      swapped: index < 0 ? swapped : { index, times: (swapped?.times ?? 0) + 1 },
    }));
    takeChoice(conversation);
    for (const id of get().running) {
      const message = messages[id];
      // One that this window lost sight of has come to its end meanwhile.
      if (!message || (!isRunning(message) && !isFollowed(id))) unfollow(id);
    }
    for (const id of order) if (messages[id] && isRunning(messages[id])) follow(messages[id]);
  }

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
    if (change.type === 'deleted' || change.type === 'gone') {
      const ids = change.type === 'gone' ? change.ids : [change.id];
      if (conversationId !== null && ids.includes(conversationId)) get().startNew();
      return;
    }
    if (change.conversation.id !== conversationId) return;
    // One that was looked into came back from the bin: only what is out of it changes.
    set({ title: change.conversation.title, bin: null });
    takeChoice(change.conversation);
    const isLeafOther = change.conversation.activeLeafId !== order.at(-1);
    if (isAsking(get()) || get().isTurning) leafElsewhere = change.conversation.activeLeafId;
    else if (isLeafOther || awaitsTone(get()) || awaitsVersion(get())) void refresh();
  }

  function catchUp(question?: Message): void {
    const { order } = get();
    const isBesideOthers = question !== undefined && question.parentId !== (order.at(-3) ?? null);
    if (isBesideOthers || (leafElsewhere !== null && leafElsewhere !== order.at(-1))) void refresh();
    leafElsewhere = null;
  }

  return {
    refresh,
    onChange,
    take,
    catchUp,

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

    async restore() {
      const { conversationId: id, viewNumber: asked } = get();
      if (id === null) return;
      try {
        await getClient().conversations.restore({ id });
        if (asked === get().viewNumber) set({ bin: null, trouble: null });
      } catch (error) {
        if (asked === get().viewNumber) set({ trouble: asErrorInfo(error) });
      }
    },

    openRestored(id) {
      if (get().conversationId === null) void get().open(id);
    },
  };
}

/** Whether a version that is not shown is being written: its end is told, too. */
function awaitsVersion({ order, messages }: ChatState): boolean {
  return order.some((id) => messages[id]?.versions?.some((version) => version.id !== id && isRunning(version)));
}

/** Whether the tone of the last question is still to be judged: it comes after the answer, with no message of its own. */
function awaitsTone({ order, messages, running }: ChatState): boolean {
  if (running.length > 0 || !useSettings.getState().settings?.purposes.emotion.isOn) return false;
  const last = order.findLast((id) => messages[id]?.role === 'user');
  return last !== undefined && messages[last]?.emotion === undefined;
}
