// The values of one family: empty fields stay at Hearth's value, which stands in grey.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Family, FamilyChange } from '../../../contract/backends.ts';
import { Button, TextArea } from '../../ui/index.ts';
import { DraftField } from './draft-field.tsx';
import { FAMILY_NUMBERS, readNumber, readStops, withValue } from './families.ts';

export interface FamilyFormProps {
  family: Family;
  change: FamilyChange;
  /** Why the last change was not kept. */
  error: string | null;
  onChange: (change: FamilyChange) => void;
}

export function FamilyForm({ family, change, error, onChange }: FamilyFormProps) {
  const { t } = useTranslation('backendsPage');
  const { label, defaults, thinking, specialTokens, sources } = family;
  const nameOf = (value: string) => t('families.of', { family: label, value });
  return (
    <div className="family-form">
      <div className="family-numbers">
        {FAMILY_NUMBERS.map((number) => {
          const { key, min, max, isWhole } = number;
          const own = change[key];
          return (
            <div key={key} className="form-field">
              <span aria-hidden="true">{t(`families.${key}`)}</span>
              <DraftField
                label={nameOf(t(`families.${key}`))}
                inputMode="numeric"
                value={own === undefined || own === null ? '' : String(own)}
                placeholder={defaults[key] === null ? t('families.engine') : String(defaults[key])}
                check={(text) =>
                  text === '' || readNumber(text, number) !== null
                    ? null
                    : t(isWhole ? 'families.outOfRangeWhole' : 'families.outOfRange', { min, max })
                }
                onSave={(text) => onChange(withValue(change, key, readNumber(text, number) ?? undefined))}
              />
            </div>
          );
        })}
      </div>
      <StopTexts
        label={nameOf(t('families.stop'))}
        stops={change.stop}
        defaults={defaults.stop}
        onChange={(stop) => onChange(withValue(change, 'stop', stop))}
      />
      <dl className="family-facts">
        <dt>{t('families.thinking')}</dt>
        <dd>{thinking ? <code>{t('families.thinkingValue', { ...thinking })}</code> : t('families.none')}</dd>
        <dt>{t('families.tokens')}</dt>
        <dd>{specialTokens.length > 0 ? <code>{specialTokens.join('  ')}</code> : t('families.none')}</dd>
        <dt>{t('families.sources')}</dt>
        <dd className="select-text">
          {sources.map((source) => (
            <span key={source}>{source}</span>
          ))}
        </dd>
      </dl>
      {error ? (
        <p className="em" role="alert">
          {error}
        </p>
      ) : null}
      {/* Stays where it is, so that the focus does. */}
      <Button size="sm" isBusy={Object.keys(change).length === 0} onClick={() => onChange({})}>
        {t('families.reset', { family: label })}
      </Button>
    </div>
  );
}

interface StopTextsProps {
  label: string;
  /** Undefined stays at Hearth's. */
  stops: string[] | undefined;
  defaults: string[];
  onChange: (stops: string[] | undefined) => void;
}

function StopTexts({ label, stops, defaults, onChange }: StopTextsProps) {
  const { t } = useTranslation('backendsPage');
  const noteId = useId();
  /** Null while the field shows what is saved. */
  const [draft, setDraft] = useState<string | null>(null);
  const saved = stops?.join('\n') ?? '';
  const read = readStops(draft ?? saved);
  const settle = () => {
    if (draft === null || read === null) return;
    setDraft(null);
    if (draft !== saved) onChange(read.length === 0 ? undefined : read);
  };
  return (
    <div className="form-field">
      <span aria-hidden="true">{t('families.stop')}</span>
      <TextArea
        label={label}
        rows={2}
        className="stops"
        value={draft ?? saved}
        placeholder={defaults.length > 0 ? defaults.join('\n') : t('families.none')}
        aria-invalid={read === null ? true : undefined}
        aria-describedby={read === null ? noteId : undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || draft === null) return;
          event.preventDefault();
          setDraft(null);
        }}
      />
      {read === null ? (
        <p id={noteId} className="em" role="alert">
          {t('families.stopInvalid')}
        </p>
      ) : null}
    </div>
  );
}
