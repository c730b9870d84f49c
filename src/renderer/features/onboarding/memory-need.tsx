// What a model needs of the memory that is free, as a bar.
import { useTranslation } from 'react-i18next';
import type { Fit } from '../../../contract/models.ts';
import { Meter } from '../../ui/index.ts';
import { shareText } from '../models/index.ts';

const TONE = { fits: 'still', tight: 'warn', too_big: 'bad', unknown: 'still' } as const;

/** Nothing where the need is unknown. */
export function MemoryNeed({ fit }: { fit: Fit }) {
  const { t } = useTranslation('onboarding');
  const { needBytes, freeBytes, label } = fit;
  if (needBytes === null) return null;
  const text = shareText(needBytes, freeBytes);
  return (
    <span className="ob-memory">
      <Meter
        label={t('memory')}
        value={Math.min(1, needBytes / Math.max(1, freeBytes))}
        tone={TONE[label]}
        text={text}
      />
      <span className="num" aria-hidden="true">
        {text}
      </span>
    </span>
  );
}
