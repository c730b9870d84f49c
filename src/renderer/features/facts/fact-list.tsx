// The facts one by one, newest first, or one line that says there are none.
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Fact } from '../../../contract/facts.ts';
import type { ConversationId, FactId } from '../../../contract/ids.ts';
import { UNDO_MS } from '../../../contract/limits.ts';
import { asErrorInfo } from '../../lib/index.ts';
import { forgetUndo, offerUndo, showToast } from '../../ui/index.ts';
import { FactRow } from './fact-row.tsx';
import { editFact, removeFact, restoreFact } from './store.ts';

export interface FactListProps {
  facts: readonly Fact[];
  /** Whether new ones are noted. */
  isLearning: boolean;
  onOpenChat: (id: ConversationId) => void;
}

export function FactList({ facts, isLearning, onOpenChat }: FactListProps) {
  const { t } = useTranslation('facts');
  if (facts.length === 0) {
    return <p className="text-13 text-ink-3">{t(isLearning ? 'list.emptyLearning' : 'list.empty')}</p>;
  }
  // Gone at once, and back for ten seconds by one press.
  const remove = (id: FactId) => {
    const removed = removeFact(id);
    const undo = async () => {
      await removed;
      await restoreFact(id);
    };
    const key = `fact:${id}`;
    offerUndo({
      key,
      text: t('removed'),
      several: (count) => t('removedSeveral', { count }),
      lastsMs: UNDO_MS,
      undo: () => void undo().catch(tellFailure),
    });
    removed.catch((error: unknown) => {
      forgetUndo(key);
      tellFailure(error);
    });
  };
  return (
    <ul className="card list" aria-label={t('list.title')}>
      {facts.map((fact) => (
        <li key={fact.id}>
          <FactRow
            fact={fact}
            onEdit={(patch) => void editFact(fact.id, patch).catch(tellFailure)}
            onRemove={() => remove(fact.id)}
            onOpenChat={onOpenChat}
          />
        </li>
      ))}
    </ul>
  );
}

function tellFailure(error: unknown): void {
  showToast({ text: asErrorInfo(error).message, icon: CircleAlert });
}
