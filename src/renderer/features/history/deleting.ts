// Deleting a chat: at once, with a toast that takes it back and leads to the bin, wherever it was asked for.
import type { ConversationId } from '../../../contract/ids.ts';
import { i18n, openBin } from '../../lib/index.ts';
import { forgetUndo, offerUndo } from '../../ui/index.ts';
import { deleteConversation, focusRow, restoreConversation, undoKey } from './store.ts';
import { tellFailure } from './tell.ts';

export interface DeleteOptions {
  /** Whether it is the chat on screen. */
  isCurrent: boolean;
  onCurrentDeleted: () => void;
  onCurrentRestored: (id: ConversationId) => void;
}

export function deleteWithUndo(id: ConversationId, options: DeleteOptions): void {
  const { isCurrent, onCurrentDeleted, onCurrentRestored } = options;
  const deleted = deleteConversation(id);
  const undo = async () => {
    await deleted;
    await restoreConversation(id);
    focusRow(id);
    if (isCurrent) onCurrentRestored(id);
  };
  const key = undoKey(id);
  offerUndo({
    key,
    text: i18n.t('app:history.deleted'),
    several: (count) => i18n.t('app:history.deletedSeveral', { count }),
    place: { label: i18n.t('app:bin.show'), open: openBin },
    undo: () => void undo().catch(tellFailure),
  });
  deleted.catch((error: unknown) => {
    forgetUndo(key);
    tellFailure(error);
  });
  if (isCurrent) onCurrentDeleted();
}
