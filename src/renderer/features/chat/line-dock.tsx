// The line joined to the stores, with its voice.
import { useTranslation } from 'react-i18next';
import type { LineId } from '../../../contract/ids.ts';
import { InLineList } from './in-line.tsx';
import { startEditing, stopEditing, useLine } from './store-line.ts';
import { useChatStore } from './store.ts';

/** One writes on; the button, or the field, has gone with what it did. */
function backToComposer(): void {
  useChatStore.getState().focusComposer();
}

function leave(id: LineId): void {
  stopEditing(id);
  backToComposer();
}

export function LineDock() {
  const { t } = useTranslation('chat');
  const line = useLine();
  const unsent = useChatStore((state) => state.unsent);
  const chat = useChatStore.getState;
  return (
    <>
      <InLineList
        {...line}
        unsent={unsent}
        onEdit={startEditing}
        onKeep={async (message, text) => {
          const hadFocus = document.activeElement?.matches('.in-line-field') ?? false;
          const isKept = await chat().changeInLine(message, text);
          if (isKept && hadFocus) leave(message.id);
          else if (isKept) stopEditing(message.id);
          return isKept;
        }}
        onCancel={leave}
        onLost={({ conversationId }, text) => chat().giveBack(conversationId, text)}
        onRemove={(message) => {
          backToComposer();
          void chat().removeFromLine(message);
        }}
        onSendNow={() => {
          backToComposer();
          void chat().sendLineNow();
        }}
      />
      <div className="sr" aria-live="polite" data-testid="line-announcer">
        {line.put === 0 ? null : <span key={line.put}>{t('line.put')}</span>}
      </div>
    </>
  );
}
