// Another version of a message, chosen here and shown in every window that has the chat open.
import type { MessageId } from '../../../contract/ids.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import type { Opening } from './store-opening.ts';
import { isAsking, type Access, type ChatState } from './store-state.ts';

type Parts = Access & Pick<Opening, 'take' | 'catchUp'>;

export function createVersions({ get, set, take, catchUp }: Parts): Pick<ChatState, 'showVersion'> {
  /** The version that main has been asked for last: keys may be faster than the answer. */
  let wanted: { shown: MessageId; id: MessageId } | null = null;

  function tell(id: MessageId, index: number, count: number): void {
    set(({ turned }) => ({ turned: { id, number: index + 1, count, times: (turned?.times ?? 0) + 1 } }));
  }

  return {
    async showVersion(shown, by) {
      // A question on its way follows what was shown when it was sent; in the bin nothing changes.
      if (isAsking(get()) || get().bin !== null) return;
      const versions = get().messages[shown]?.versions ?? [];
      const from = wanted?.shown === shown ? wanted.id : shown;
      const index = versions.findIndex(({ id }) => id === from) + by;
      const version = versions[index];
      if (!version) {
        // There is none before the first and none after the last: where one is, is told again.
        if (versions.length > 0) tell(from, index - by, versions.length);
        return;
      }
      wanted = { shown, id: version.id };
      const asked = get().viewNumber;
      set({ isTurning: true, trouble: null });
      try {
        const conversation = await getClient().conversations.showVersion({ messageId: version.id });
        if (asked !== get().viewNumber || wanted?.id !== version.id) return;
        take(conversation);
        tell(version.id, index, versions.length);
      } catch (error) {
        if (asked !== get().viewNumber || wanted?.id !== version.id) return;
        set({ trouble: asErrorInfo(error) });
      }
      wanted = null;
      set({ isTurning: false });
      catchUp();
    },
  };
}
