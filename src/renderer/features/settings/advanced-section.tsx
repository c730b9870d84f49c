// Settings, Advanced: how long Hearth waits, how hard the built-in engine works and when it rests, and MLX on a Mac.
import { useTranslation } from 'react-i18next';
import type { AppStatus } from '../../../contract/app.ts';
import type { Settings } from '../../../contract/settings.ts';
import { DraftField } from './draft-field.tsx';
import { SettingRow } from './setting-row.tsx';
import { useSave } from './use-save.ts';

/** The limits of the contract, 100 ms to an hour, in the seconds that people type. */
const SECONDS_MIN = 0.1;
const SECONDS_MAX = 3_600;
const THREADS_MAX = 256;
const LAYERS_MAX = 1_000;
const MINUTES_MAX = 100_000;
const NARROW = 'w-[112px]';

type Timeout = keyof Settings['timeouts'];
const TIMEOUTS: { key: Timeout; word: string }[] = [
  { key: 'connectMs', word: 'connect' },
  { key: 'firstTokenMs', word: 'firstToken' },
  { key: 'loadMs', word: 'load' },
  { key: 'silenceMs', word: 'silence' },
];

export function AdvancedSection({ settings, app }: { settings: Settings; app: Pick<AppStatus, 'platform'> | null }) {
  const { t } = useTranslation('app');
  const { threads, idleMinutes, gpuLayers } = settings.llamacpp;
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
        <EngineRow name="threads" value={threads} min={0} max={THREADS_MAX} />
        <EngineRow name="gpuLayers" value={gpuLayers} min={0} max={LAYERS_MAX} placeholder="gpuLayersAuto" />
        <EngineRow name="idleMinutes" value={idleMinutes} min={-1} max={MINUTES_MAX} unit="minutes" />
      </div>
      {app?.platform === 'darwin' ? <MlxGroup mlx={settings.mlx} /> : null}
    </>
  );
}

function MlxGroup({ mlx }: { mlx: Settings['mlx'] }) {
  const { t } = useTranslation('app');
  return (
    <>
      <div className="sec">
        <h2>{t('settings.advanced.mlx')}</h2>
      </div>
      <div className="card list">
        <MlxRow name="model" value={mlx.model} accepts={/^(?:\w[\w.-]*\/\w[\w.-]*|\/.+)$/} />
        <MlxRow name="program" value={mlx.program} accepts={/^\/.+$/} />
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

interface EngineRowProps {
  name: keyof Pick<Settings['llamacpp'], 'threads' | 'gpuLayers' | 'idleMinutes'>;
  /** Null, where there is a placeholder for it, is the empty field. */
  value: number | null;
  min: number;
  max: number;
  placeholder?: string;
  unit?: string;
}

function EngineRow({ name, value, min, max, placeholder, unit }: EngineRowProps) {
  const { t } = useTranslation('app');
  const { error, save } = useSave();
  const isEmptyFine = placeholder !== undefined;
  return (
    <SettingRow title={t(`settings.advanced.${name}`)} help={t(`settings.advanced.${name}Help`)}>
      {(names) => (
        <DraftField
          className={NARROW}
          {...names}
          inputMode="numeric"
          value={value === null ? '' : String(value)}
          {...(isEmptyFine ? { placeholder: t(`settings.advanced.${placeholder}`) } : {})}
          {...(unit === undefined ? {} : { unit: t(`settings.advanced.${unit}`) })}
          check={(text) => {
            if (text === '' && isEmptyFine) return null;
            const fits = /^-?\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
            return fits ? null : t('settings.advanced.outOfRange', { min, max });
          }}
          onSave={(text) => save({ llamacpp: { [name]: text === '' ? null : Number(text) } })}
          saveError={error}
        />
      )}
    </SettingRow>
  );
}

/** A text of MLX; the empty field is none. */
function MlxRow({ name, value, accepts }: { name: keyof Settings['mlx']; value: string | null; accepts: RegExp }) {
  const { t } = useTranslation('app');
  const { error, save } = useSave();
  const word = `settings.advanced.mlx_${name}`;
  return (
    <SettingRow title={t(word)} help={t(`${word}Help`)}>
      {(names) => (
        <DraftField
          {...names}
          value={value ?? ''}
          placeholder={t(`${word}Placeholder`)}
          check={(text) => (text === '' || accepts.test(text) ? null : t(`${word}Invalid`))}
          onSave={(text) => save({ mlx: { [name]: text === '' ? null : text } })}
          saveError={error}
          isCode
        />
      )}
    </SettingRow>
  );
}

/** `1.5` and `1,5` alike; null for what is no number. */
function asNumber(text: string): number | null {
  return /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : null;
}
