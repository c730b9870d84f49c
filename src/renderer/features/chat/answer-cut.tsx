// Said under an answer that ended before its model was finished, with the way to the rest of it.
import type { TFunction } from 'i18next';
import { Scissors } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AnswerUsage } from '../../../contract/conversations.ts';
import { Button, Note } from '../../ui/index.ts';

export interface AnswerCutProps {
  usage: AnswerUsage | null;
  /** Null where it can't be carried on. */
  onGoOn: (() => void) | null;
}

export function AnswerCut({ usage, onGoOn }: AnswerCutProps) {
  const { t } = useTranslation('chat');
  const why = cutText(usage, t);
  if (why === null) return null;
  return (
    <Note icon={Scissors}>
      <span>{why}</span>
      {onGoOn ? (
        <Button className="-my-1 ml-2" size="sm" variant="ghost" onClick={onGoOn}>
          {t('cut.goOn')}
        </Button>
      ) : null}
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
