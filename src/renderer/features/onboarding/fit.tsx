// Whether a model fits this computer: a word, and what it needs of what is free as a bar.
import { Ban, Check, Gauge } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Fit } from '../../../contract/models.ts';
import { Badge, Meter } from '../../ui/index.ts';
import { shareText } from '../models/index.ts';

const LOOK = {
  fits: { tone: 'ok', icon: Check },
  tight: { tone: 'warn', icon: Gauge },
  too_big: { tone: 'bad', icon: Ban },
} as const;

/** Nothing where nobody can tell. */
export function FitBadge({ label }: { label: Fit['label'] }) {
  const { t } = useTranslation('onboarding');
  if (label === 'unknown') return null;
  return (
    <Badge size="sm" {...LOOK[label]}>
      {t(`fit.${label}`)}
    </Badge>
  );
}

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
        label={t('fit.memory')}
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
