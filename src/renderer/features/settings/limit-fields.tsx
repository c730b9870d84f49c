// How long Hearth waits for one backend; what is left empty counts as in Advanced.
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { FormField } from './form-field.tsx';
import type { LimitTexts } from './limits.ts';
import { LIMITS, readLimit, SECONDS_MAX, SECONDS_MIN } from './limits.ts';

export interface LimitFieldsProps {
  texts: LimitTexts;
  /** Those of Advanced. */
  general: Settings['timeouts'];
  /** Whether the focus begins here. */
  isFirst: boolean;
  isChecked: boolean;
  onChange: (texts: LimitTexts) => void;
}

export function LimitFields({ texts, general, isFirst, isChecked, onChange }: LimitFieldsProps) {
  const { t } = useTranslation('backendsPage');
  return (
    <fieldset className="form-field">
      <legend>{t('edit.limits')}</legend>
      <small>{t('edit.limitsHelp')}</small>
      <div className="limits">
        {LIMITS.map(({ key, word }, index) => (
          <FormField
            key={key}
            title={t(`edit.${word}`)}
            inputMode="numeric"
            unit={t('edit.seconds')}
            value={texts[key]}
            placeholder={String(general[key] / 1_000)}
            error={
              isChecked && readLimit(texts[key]) === 'wrong'
                ? t('edit.outOfRange', { min: SECONDS_MIN, max: SECONDS_MAX })
                : null
            }
            data-autofocus={isFirst && index === 0 ? '' : undefined}
            onChange={(event) => onChange({ ...texts, [key]: event.target.value })}
          />
        ))}
      </div>
    </fieldset>
  );
}
