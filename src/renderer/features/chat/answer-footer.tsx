// Below an answer: copy, ask again; and by which model, how fast, how long, when.
import { RefreshCw } from 'lucide-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../contract/conversations.ts';
import { clockTime, modelTitle } from '../../lib/index.ts';
import { IconButton } from '../../ui/index.ts';
import { CopyIconButton } from './copy-button.tsx';

export interface AnswerFooterProps {
  message: Message;
  text: string;
  /** The latest one always shows, the others on hover or focus. */
  isLatest: boolean;
  onAskAgain: (() => void) | null;
}

export function AnswerFooter({ message, text, isLatest, onAskAgain }: AnswerFooterProps) {
  const { t } = useTranslation('chat');
  return (
    <div className={isLatest ? 'foot' : 'foot is-quiet'} role="group" aria-label={t('footer.label')}>
      {text === '' ? null : (
        <CopyIconButton text={() => text} label={t('footer.copy')} copiedLabel={t('footer.copied')} />
      )}
      {onAskAgain ? <IconButton icon={RefreshCw} label={t('footer.askAgain')} onClick={onAskAgain} /> : null}
      <span className="stats clip">{answerStats(message, t).join(' · ')}</span>
    </div>
  );
}

/** What is known about an answer's making, in the order of importance. Nothing is guessed. */
export function answerStats(message: Message, t: TFunction<'chat'>): string[] {
  const { source, usage, settledAtMs } = message;
  const stats: string[] = [];
  if (source) {
    stats.push(
      source.model === null
        ? source.label
        : t('footer.modelOn', { model: modelTitle(source.model), label: source.label }),
    );
  }
  if (source?.kind !== 'demo' && usage?.answerTokens && usage.answerMs) {
    stats.push(t('footer.speed', { rate: short(usage.answerTokens / (usage.answerMs / 1_000)) }));
  }
  if (source?.kind !== 'demo' && usage?.totalMs != null)
    stats.push(t('footer.seconds', { seconds: short(usage.totalMs / 1_000) }));
  if (settledAtMs !== null) stats.push(clockTime(settledAtMs));
  return stats;
}

/** One decimal below ten, none above; two where one would say nothing. */
function short(value: number): string {
  if (value < 0.095) return value.toFixed(2);
  return value < 9.95 ? value.toFixed(1) : Math.round(value).toString();
}
