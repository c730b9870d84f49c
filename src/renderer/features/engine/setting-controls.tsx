// One row for one setting of the engine, by the kind of its value. Null means that Ollama decides.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { Select } from '../../ui/index.ts';
import { DraftField, SettingRow, useSave } from '../settings/index.ts';

type EngineSettings = Settings['engine'];
type NumberKey = 'port' | 'parallel' | 'threads' | 'gpuLayers';
type TextKey = 'gpuDevices' | 'origins' | 'proxy';

const NARROW = 'w-[140px]';
const WIDE = 'w-[280px]';

export interface NumberRowProps {
  name: NumberKey;
  value: number | null;
  min: number;
  max: number;
  /** What an empty field means. */
  empty: number | null;
}

/** A whole number within limits, or nothing. */
export function NumberRow({ name, value, min, max, empty }: NumberRowProps) {
  const { t } = useTranslation('engine');
  const { error, save } = useSave();
  return (
    <SettingRow title={t(`setting.${name}`)} help={t(`setting.${name}Help`)}>
      {(names) => (
        <DraftField
          {...names}
          className={NARROW}
          inputMode="numeric"
          value={value === empty || value === null ? '' : String(value)}
          placeholder={t(empty === null ? 'setting.auto' : `setting.${name}Empty`)}
          check={(text) => {
            if (text === '') return null;
            const isWithin = /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
            return isWithin ? null : t('setting.outOfRange', { min, max });
          }}
          onSave={(text) => save({ engine: { [name]: text === '' ? empty : Number(text) } })}
          saveError={error}
        />
      )}
    </SettingRow>
  );
}

export interface TextRowProps {
  name: TextKey;
  value: string | null;
  isValid: (text: string) => boolean;
  note?: ReactNode;
}

export function TextRow({ name, value, isValid, note }: TextRowProps) {
  const { t } = useTranslation('engine');
  const { error, save } = useSave();
  return (
    <SettingRow title={t(`setting.${name}`)} help={t(`setting.${name}Help`)} note={note}>
      {(names) => (
        <DraftField
          {...names}
          className={WIDE}
          isCode
          value={value ?? ''}
          placeholder={t(`setting.${name}Empty`)}
          check={(text) => (text === '' || isValid(text) ? null : t(`setting.${name}Invalid`))}
          onSave={(text) => save({ engine: { [name]: text === '' ? null : text } })}
          saveError={error}
        />
      )}
    </SettingRow>
  );
}

export interface ChoiceRowProps<Value extends string> {
  name: string;
  value: Value;
  options: { value: Value; label: string }[];
  /** The change that keeps the choice. */
  patch: (value: Value) => Partial<EngineSettings>;
  note?: ReactNode;
}

export function ChoiceRow<Value extends string>({ name, value, options, patch, note }: ChoiceRowProps<Value>) {
  const { t } = useTranslation('engine');
  const { error, save } = useSave();
  return (
    <SettingRow title={t(`setting.${name}`)} help={t(`setting.${name}Help`)} error={error} note={note}>
      {(names) => (
        <Select
          {...names}
          className={WIDE}
          value={value}
          options={options}
          onChange={(chosen) => save({ engine: patch(chosen) })}
        />
      )}
    </SettingRow>
  );
}
