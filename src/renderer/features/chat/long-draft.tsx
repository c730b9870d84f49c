// A text that was too long for the field, as one line above it: how long it is, how it begins, and a way to take it out.
import { FileText, X } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon, IconButton } from '../../ui/index.ts';
import { countLines } from './long-text.ts';

/** More of its beginning does not fit beside the numbers. */
const BEGINNING_CHARS = 120;

export function LongDraft({ text, onRemove }: { text: string; onRemove: () => void }) {
  const { t } = useTranslation('chat');
  const lines = useMemo(() => countLines(text), [text]);
  const beginning = text.slice(0, BEGINNING_CHARS).trim().split('\n', 1)[0] ?? '';
  return (
    <div className="long-draft" role="group" aria-label={t('composer.long.label')}>
      <Icon icon={FileText} size={14} />
      <b className="num">{t('composer.long.size', { count: lines, chars: text.length })}</b>
      <span className="clip grow" dir="auto">
        {beginning}
      </span>
      <IconButton size="sm" icon={X} label={t('composer.long.remove')} onClick={onRemove} />
    </div>
  );
}
