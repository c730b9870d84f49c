// Settings, Backends: which engines there are and how they are, which one answers, and what each needs.
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { BackendChoice, Settings } from '../../../contract/settings.ts';
import { Select, Skeleton, Switch } from '../../ui/index.ts';
import { isServerAddress } from './address.ts';
import { BackendRow } from './backend-row.tsx';
import { DraftField } from './draft-field.tsx';
import { SettingRow } from './setting-row.tsx';
import { useSave } from './use-save.ts';

export interface BackendsSectionProps {
  settings: Settings;
  /** Null while nothing is known yet. */
  status: BackendsStatus | null;
}

/** Stands for null in the list of models; no model has an empty name. */
const ANY_MODEL = '';
const WIDE = 'w-[300px]';

export function BackendsSection({ settings, status }: BackendsSectionProps) {
  return (
    <>
      <Engines settings={settings} status={status} />
      <Choice settings={settings} status={status} />
      <Ollama settings={settings} />
      <BuiltIn settings={settings} />
    </>
  );
}

function Engines({ settings, status }: BackendsSectionProps) {
  const { t } = useTranslation('app');
  const lastResort = useSave();
  if (!status) return <Skeleton label={t('settings.backends.checking')} />;
  return (
    <>
      <ol className="card list" aria-busy={status.isChecking}>
        {status.backends.map((backend, index) => (
          <BackendRow
            key={backend.kind}
            backend={backend}
            order={index + 1}
            isNext={backend.kind === status.chosen.kind}
            isOnlyChoice={settings.backend === backend.kind}
            control={
              backend.kind === 'demo' && settings.backend !== 'demo' ? (
                <Switch
                  label={t('settings.backends.lastResort')}
                  isOn={settings.demoAsLastResort}
                  onChange={(isOn) => lastResort.save({ demoAsLastResort: isOn })}
                />
              ) : null
            }
          />
        ))}
      </ol>
      {lastResort.error ? (
        <p className="em" role="alert">
          {lastResort.error}
        </p>
      ) : null}
    </>
  );
}

function Choice({ settings, status }: BackendsSectionProps) {
  const { t } = useTranslation('app');
  const choice = useSave();
  const model = useSave();
  const choices: BackendChoice[] = ['auto', 'ollama', 'llamacpp', 'demo'];
  const installed = status?.backends.find((one) => one.kind === 'ollama')?.models.map((one) => one.name) ?? [];
  const models = [
    { value: ANY_MODEL, label: t('settings.backends.modelAny') },
    ...installed.map((name) => ({ value: name, label: name })),
  ];
  if (settings.model && !installed.includes(settings.model)) {
    models.push({ value: settings.model, label: t('settings.backends.modelMissing', { model: settings.model }) });
  }
  return (
    <>
      <div className="sec">
        <h2>{t('settings.backends.answersFrom')}</h2>
      </div>
      <div className="card list">
        <SettingRow title={t('settings.backends.choice')} help={t('settings.backends.choiceHelp')} error={choice.error}>
          {(names) => (
            <Select
              className={WIDE}
              {...names}
              value={settings.backend}
              options={choices.map((value) => ({ value, label: t(`settings.backends.${value}`) }))}
              onChange={(backend) => choice.save({ backend })}
            />
          )}
        </SettingRow>
        <SettingRow title={t('settings.backends.model')} help={t('settings.backends.modelHelp')} error={model.error}>
          {(names) => (
            <Select
              className={WIDE}
              {...names}
              value={settings.model ?? ANY_MODEL}
              options={models}
              onChange={(name) => model.save({ model: name === ANY_MODEL ? null : name })}
            />
          )}
        </SettingRow>
      </div>
    </>
  );
}

function Ollama({ settings }: { settings: Settings }) {
  const { t } = useTranslation('app');
  const address = useSave();
  return (
    <>
      <div className="sec">
        <h2>{t('settings.backends.ollama')}</h2>
      </div>
      <div className="card list">
        <SettingRow title={t('settings.backends.address')} help={t('settings.backends.addressHelp')}>
          {(names) => (
            <DraftField
              className={WIDE}
              {...names}
              isCode
              inputMode="url"
              value={settings.ollama.address ?? ''}
              placeholder={t('settings.backends.addressPlaceholder')}
              check={(text) => (text === '' || isServerAddress(text) ? null : t('settings.backends.addressInvalid'))}
              onSave={(text) => address.save({ ollama: { address: text === '' ? null : text } })}
              saveError={address.error}
            />
          )}
        </SettingRow>
      </div>
    </>
  );
}

function BuiltIn({ settings }: { settings: Settings }) {
  const { t } = useTranslation('app');
  const path = useSave();
  return (
    <>
      <div className="sec">
        <h2>{t('settings.backends.llamacpp')}</h2>
      </div>
      <div className="card list">
        <SettingRow title={t('settings.backends.modelPath')} help={t('settings.backends.modelPathHelp')}>
          {(names) => (
            <DraftField
              className="w-[420px] max-[1040px]:w-[300px]"
              {...names}
              isCode
              value={settings.llamacpp.modelPath ?? ''}
              placeholder={t('settings.backends.modelPathPlaceholder')}
              check={(text) => (text === '' || isModelPath(text) ? null : t('settings.backends.modelPathInvalid'))}
              onSave={(text) => path.save({ llamacpp: { modelPath: text === '' ? null : text } })}
              saveError={path.error}
            />
          )}
        </SettingRow>
      </div>
    </>
  );
}

/** A full path (or one from the home folder) to a .gguf file; whether it exists only main knows. */
function isModelPath(text: string): boolean {
  return /^(\/|~\/|[a-z]:[\\/]|\\\\).*\.gguf$/i.test(text);
}
