// Said under an answer that ended before its model was finished.
import type { TFunction } from 'i18next';
import { Scissors } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AnswerUsage } from '../../../contract/conversations.ts';
import { Note } from '../../ui/index.ts';

export function AnswerCut({ usage }: { usage: AnswerUsage | null }) {
  const { t } = useTranslation('chat');
  const why = cutText(usage, t);
  return why === null ? null : <Note icon={Scissors}>{why}</Note>;
}

/** Why the answer ended too early; null for one that did not. */
export function cutText(usage: AnswerUsage | null, t: TFunction<'chat'>): string | null {
  if (!usage?.cut) return null;
  const { why, limitTokens } = usage.cut;
  if (why !== 'length') return t(`cut.${why}`);
  return limitTokens === null ? t('cut.lengthUnknown') : t('cut.length', { tokens: limitTokens.toLocaleString() });
}
