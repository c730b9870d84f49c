// Settings, Advanced: how long Hearth waits, and how hard the built-in engine works.
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { DraftField } from './draft-field.tsx';
import { SettingRow } from './setting-row.tsx';
import { useSave } from './use-save.ts';

/** The limits of the contract, 100 ms to an hour, in the seconds that people type. */
const SECONDS_MIN = 0.1;
const SECONDS_MAX = 3_600;
const THREADS_MAX = 256;
const NARROW = 'w-[112px]';

type Timeout = keyof Settings['timeouts'];
const TIMEOUTS: { key: Timeout; word: string }[] = [
  { key: 'connectMs', word: 'connect' },
  { key: 'firstTokenMs', word: 'firstToken' },
  { key: 'loadMs', word: 'load' },
  { key: 'silenceMs', word: 'silence' },
];

export function AdvancedSection({ settings }: { settings: Settings }) {
  const { t } = useTranslation('app');
  return (
    <>
      <div className="sec mt-0">
        <h2>{t('settings.advanced.limits')}</h2>
      </div>
      <div className="card list">
        {TIMEOUTS.map(({ key, word }) => (
          <TimeoutRow key={key} name={key} word={word} ms={settings.timeouts[key]} />
        ))}
      </div>
      <div className="sec">
        <h2>{t('settings.advanced.engine')}</h2>
      </div>
      <div className="card list">
        <ThreadsRow threads={settings.llamacpp.threads} />
      </div>
    </>
  );
}

function TimeoutRow({ name, word, ms }: { name: Timeout; word: string; ms: number }) {
  const { t } = useTranslation('app');
  const { error, save } = useSave();
  return (
    <SettingRow title={t(`settings.advanced.${word}`)} help={t(`settings.advanced.${word}Help`)}>
      {(names) => (
        <DraftField
          className={NARROW}
          {...names}
          inputMode="numeric"
          unit={t('settings.advanced.seconds')}
          value={String(ms / 1_000)}
          check={(text) => {
            const seconds = asNumber(text);
            const fits = seconds !== null && seconds >= SECONDS_MIN && seconds <= SECONDS_MAX;
            return fits ? null : t('settings.advanced.outOfRange', { min: SECONDS_MIN, max: SECONDS_MAX });
          }}
          onSave={(text) => save({ timeouts: { [name]: Math.round((asNumber(text) ?? 0) * 1_000) } })}
          saveError={error}
        />
      )}
    </SettingRow>
  );
}

function ThreadsRow({ threads }: { threads: number }) {
  const { t } = useTranslation('app');
  const { error, save } = useSave();
  return (
    <SettingRow title={t('settings.advanced.threads')} help={t('settings.advanced.threadsHelp')}>
      {(names) => (
        <DraftField
          className={NARROW}
          {...names}
          inputMode="numeric"
          value={String(threads)}
          check={(text) =>
            /^\d+$/.test(text) && Number(text) <= THREADS_MAX
              ? null
              : t('settings.advanced.outOfRange', { min: 0, max: THREADS_MAX })
          }
          onSave={(text) => save({ llamacpp: { threads: Number(text) } })}
          saveError={error}
        />
      )}
    </SettingRow>
  );
}

/** `1.5` and `1,5` alike; null for what is no number. */
function asNumber(text: string): number | null {
  return /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : null;
}
