// Where one is: engine, model, done. Always at the same height.
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/index.ts';

export const STEPS = ['engine', 'model', 'done'] as const;
export type Step = (typeof STEPS)[number];

export function StepMarker({ step }: { step: Step }) {
  const { t } = useTranslation('onboarding');
  const now = STEPS.indexOf(step);
  return (
    <ol className="ob-steps" aria-label={t('steps.label', { number: now + 1, count: STEPS.length })}>
      {STEPS.map((name, index) => (
        <li key={name} data-is={index < now ? 'past' : index === now ? 'now' : 'next'} {...current(index === now)}>
          {index < now ? (
            <span className="ob-check">
              <Icon icon={Check} size={12} />
            </span>
          ) : (
            <b className="num">{index + 1}</b>
          )}
          {t(`steps.${name}`)}
        </li>
      ))}
    </ol>
  );
}

function current(isNow: boolean): { 'aria-current'?: 'step' } {
  return isNow ? { 'aria-current': 'step' } : {};
}
