// One chat in the bin: its title leads into it, below it when it was deleted and how long it is kept.
import { RotateCcw, Trash2 } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BinEntry } from '../../../contract/conversations.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { Button, IconButton } from '../../ui/index.ts';
import { daysLeft } from './days-left.ts';

export interface BinRowProps {
  entry: BinEntry;
  /** Its place in the list, from 1; only those around the view are drawn. */
  place: number;
  total: number;
  nowMs: number;
  onLook: (id: ConversationId) => void;
  onRestore: (id: ConversationId) => void;
  onDelete: (entry: BinEntry) => void;
}

export const BinRow = memo(function BinRow({ entry, place, total, nowMs, onLook, onRestore, onDelete }: BinRowProps) {
  const { t, i18n } = useTranslation('app');
  const title = entry.title || t('history.untitled');
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' }).format(entry.bin.deletedAtMs);
  const days = daysLeft(entry.bin, nowMs);
  return (
    <li className="li" aria-posinset={place} aria-setsize={total}>
      <button
        type="button"
        className="bin-look grow"
        data-binned={entry.id}
        data-tip={title}
        data-tip-cut=""
        aria-keyshortcuts="Delete"
        onClick={() => onLook(entry.id)}
      >
        <b className="clip">{title}</b>
        <small className="num">
          {t('bin.deletedOn', { day })} · {days === 0 ? t('bin.lastDay') : t('bin.daysLeft', { count: days })}
        </small>
      </button>
      <Button size="sm" icon={RotateCcw} aria-label={t('bin.restoreOf', { title })} onClick={() => onRestore(entry.id)}>
        {t('bin.restore')}
      </Button>
      <IconButton
        size="sm"
        icon={Trash2}
        label={t('bin.deleteOf', { title })}
        aria-haspopup="dialog"
        onClick={() => onDelete(entry)}
      />
    </li>
  );
});
