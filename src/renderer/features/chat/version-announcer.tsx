// Says which version of an answer has been chosen, and by which model it is.
import { useTranslation } from 'react-i18next';
import { modelWords } from './answer-footer.tsx';
import { isRunning } from './store-state.ts';
import { useChatStore } from './store.ts';

export function VersionAnnouncer() {
  const { t } = useTranslation('chat');
  const turned = useChatStore((state) => state.turned);
  const message = useChatStore((state) => (turned === null ? undefined : state.messages[turned.id]));
  const by = message && (isRunning(message) ? t('versions.written') : modelWords(message.source, t));
  return (
    <div className="sr" aria-live="polite" data-testid="version-announcer">
      {turned === null ? null : (
        // The number makes each announcement a new node: the same words twice are said twice.
        <span key={turned.times}>{[t('versions.name', turned), by].filter(Boolean).join(', ')}</span>
      )}
    </div>
  );
}
