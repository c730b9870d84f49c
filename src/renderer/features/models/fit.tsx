// Whether a model fits this computer: a badge with the numbers in its tip, and the numbers one by one.
import { Ban, Check, Gauge, HelpCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { Fit } from '../../../contract/models.ts';
import { bytesText } from '../../lib/index.ts';
import { Badge } from '../../ui/index.ts';
import { tokensText } from './names.ts';

const LOOK = {
  fits: { tone: 'ok', icon: Check },
  tight: { tone: 'warn', icon: Gauge },
  too_big: { tone: 'bad', icon: Ban },
  unknown: { tone: 'neutral', icon: HelpCircle },
} as const;

export function FitBadge({ label }: { label: Fit['label'] }) {
  const { t } = useTranslation('models');
  return (
    <Badge size="sm" {...LOOK[label]}>
      {t(`fit.${label}`)}
    </Badge>
  );
}

export interface FitButtonProps {
  fit: Fit;
  /** The model, for the name of the button. */
  title: string;
  onOpen: (anchor: HTMLElement) => void;
}

/** The badge as a button: hovered or focused it tells its numbers, pressed it lists them. */
export function FitButton({ fit, title, onOpen }: FitButtonProps) {
  const { t } = useTranslation('models');
  const numbers = fitSentence(fit, t);
  return (
    <button
      type="button"
      className="bare"
      aria-haspopup="dialog"
      aria-label={t('fit.name', { title, label: t(`fit.${fit.label}`), numbers })}
      data-tip={numbers}
      onClick={(event) => onOpen(event.currentTarget)}
    >
      <FitBadge label={fit.label} />
    </button>
  );
}

/** What it means, then the sum, line by line, and what it stands against. */
export function FitNumbers({ fit }: { fit: Fit }) {
  const { t } = useTranslation('models');
  const { weightsBytes, cacheBytes, overheadBytes, needBytes, freeBytes, contextLength, place } = fit;
  const lines: [string, number | null][] = [
    [t('fit.weights'), weightsBytes],
    [t('fit.cache', { tokens: tokensText(contextLength) }), cacheBytes],
    [t('fit.overhead'), overheadBytes],
  ];
  return (
    <>
      <p className="help">{t(fit.label === 'too_big' ? 'fit.why' : `fit.place.${place}`)}</p>
      <dl className="kv fit-numbers">
        {lines.map(([name, bytes]) => (
          <Line key={name} name={name} value={bytes === null ? t('fit.notKnown') : bytesText(bytes)} />
        ))}
        <dt className="sum">{t('fit.need')}</dt>
        <dd className="sum">{needBytes === null ? t('fit.notKnown') : bytesText(needBytes)}</dd>
        <Line name={t('fit.free')} value={bytesText(freeBytes)} />
      </dl>
    </>
  );
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** For example `Needs 3.1 GB, 11.2 GB is free: weights 2.0 GB, cache for 4k tokens 0.5 GB, overhead 0.6 GB.` */
function fitSentence(fit: Fit, t: TFunction<'models'>): string {
  const { weightsBytes, cacheBytes, overheadBytes, needBytes, freeBytes, contextLength } = fit;
  const free = bytesText(freeBytes);
  if (weightsBytes === null || cacheBytes === null || overheadBytes === null || needBytes === null) {
    return t('fit.sentenceUnknown', { free });
  }
  return t('fit.sentence', {
    weights: bytesText(weightsBytes),
    tokens: tokensText(contextLength),
    cache: bytesText(cacheBytes),
    overhead: bytesText(overheadBytes),
    need: bytesText(needBytes),
    free,
  });
}
