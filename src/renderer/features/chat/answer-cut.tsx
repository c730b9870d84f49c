// Said under an answer that ended before its model was finished, with the way to the rest of it.
import type { TFunction } from 'i18next';
import { Scissors } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerUsage } from '../../../contract/conversations.ts';
import { Note } from '../../ui/index.ts';

export interface AnswerCutProps {
  usage: AnswerUsage | null;
  /** The way on, or why there is none. */
  goOn: ReactNode;
}

export function AnswerCut({ usage, goOn }: AnswerCutProps) {
  const { t } = useTranslation('chat');
  const why = cutText(usage, t);
  if (why === null) return null;
  return (
    <Note icon={Scissors}>
      <span>{why}</span>
      {goOn}
    </Note>
  );
}

/** Why the answer ended too early; null for one that did not. */
export function cutText(usage: AnswerUsage | null, t: TFunction<'chat'>): string | null {
  if (!usage?.cut) return null;
  const { why, limitTokens } = usage.cut;
  if (why !== 'length') return t(`cut.${why}`);
  return limitTokens === null ? t('cut.lengthUnknown') : t('cut.length', { tokens: limitTokens.toLocaleString() });
}
