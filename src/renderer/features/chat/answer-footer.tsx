// Below an answer: its versions, copy, ask again; and by which model, how fast, how long, when. Pressed, that tells everything there is.
import { RefreshCw } from 'lucide-react';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerSource, Message } from '../../../contract/conversations.ts';
import { clockTime, modelTitle } from '../../lib/index.ts';
import { IconButton } from '../../ui/index.ts';
import { AnswerDetails, shortNumber, speedText } from './answer-details.tsx';
import { CopyIconButton } from './copy-button.tsx';
import { DetailsPanel } from './details-list.tsx';

export interface AnswerFooterProps {
  message: Message;
  text: string;
  /** The latest one always shows, the others on hover or focus. */
  isLatest: boolean;
  /** Then nothing is known of it yet, and nothing can be done but to look at another one. */
  isRunning: boolean;
  onAskAgain: (() => void) | null;
  /** The switcher; null for the only one. */
  versions: ReactNode;
}

export function AnswerFooter(props: AnswerFooterProps) {
  const { message, text, isLatest, isRunning, onAskAgain, versions } = props;
  const { t } = useTranslation('chat');
  const { source } = message;
  const stats = answerStats(message, t).join(' · ');
  if (isRunning) return <div className="foot">{versions}</div>;
  return (
    <div className={isLatest ? 'foot' : 'foot is-quiet'} role="group" aria-label={t('footer.label')}>
      {versions}
      {text === '' ? null : (
        <CopyIconButton key={message.id} text={() => text} label={t('footer.copy')} copiedLabel={t('footer.copied')} />
      )}
      {onAskAgain ? <IconButton icon={RefreshCw} label={t('footer.askAgain')} onClick={onAskAgain} /> : null}
      {source ? (
        <DetailsPanel label={t('details.answer')} details={<AnswerDetails source={source} message={message} />}>
          {(props) => (
            <button type="button" className="stats" aria-label={t('footer.details', { stats })} {...props}>
              <span className="clip">{stats}</span>
            </button>
          )}
        </DetailsPanel>
      ) : (
        <span className="stats clip">{stats}</span>
      )}
    </div>
  );
}

/** What is known about an answer's making, in the order of importance. Nothing is guessed. */
export function answerStats(message: Message, t: TFunction<'chat'>): string[] {
  const { source, usage, settledAtMs } = message;
  const stats: string[] = [];
  const by = modelWords(source, t);
  if (by !== null) stats.push(by);
  if (source?.kind !== 'demo' && usage?.answerTokens && usage.answerMs) {
    stats.push(speedText(usage.answerTokens, usage.answerMs, t));
  }
  if (source?.kind !== 'demo' && usage?.totalMs != null)
    stats.push(t('footer.seconds', { seconds: shortNumber(usage.totalMs / 1_000) }));
  if (settledAtMs !== null) stats.push(clockTime(settledAtMs));
  return stats;
}

/** The model and what it ran on; null where nobody is known. */
export function modelWords(source: Pick<AnswerSource, 'model' | 'label'> | null, t: TFunction<'chat'>): string | null {
  if (source === null) return null;
  return source.model === null
    ? source.label
    : t('footer.modelOn', { model: modelTitle(source.model), label: source.label });
}
