// The settings of the engine that few need: speed and memory, network, where it is downloaded from.
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { Switch } from '../../ui/index.ts';
import { DraftField, SettingRow, useSave } from '../settings/index.ts';
import { areGpuDevices, areOrigins, isAnyOrigin, isProxy, isWebAddress } from './check-texts.ts';
import { ExposeRow } from './expose-row.tsx';
import { ChoiceRow, NumberRow, TextRow } from './setting-controls.tsx';

const PORT_MAX = 65_535;
const THREADS_MAX = 1_024;
const LAYERS_MAX = 1_000;

export function MoreSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation('engine');
  const { engine } = settings;
  return (
    <>
      <div className="sec">
        <h2>{t('setting.speed')}</h2>
      </div>
      <div className="card list">
        <ChoiceRow
          name="flashAttention"
          value={engine.flashAttention}
          options={(['auto', 'on', 'off'] as const).map((value) => ({ value, label: t(`setting.flash.${value}`) }))}
          patch={(flashAttention) => ({ flashAttention })}
        />
        <CacheType engine={engine} />
        <NumberRow name="threads" value={engine.threads} min={1} max={THREADS_MAX} empty={null} />
        <NumberRow name="gpuLayers" value={engine.gpuLayers} min={0} max={LAYERS_MAX} empty={null} />
        <TextRow name="gpuDevices" value={engine.gpuDevices} isValid={areGpuDevices} />
      </div>
      <div className="sec">
        <h2>{t('setting.network')}</h2>
      </div>
      <div className="card list">
        <NumberRow name="port" value={engine.port} min={0} max={PORT_MAX} empty={0} />
        <ExposeRow isExposed={engine.isExposed} />
        <TextRow
          name="origins"
          value={engine.origins}
          isValid={areOrigins}
          note={engine.origins !== null && isAnyOrigin(engine.origins) ? <Warning word="setting.originsAny" /> : null}
        />
        <TextRow name="proxy" value={engine.proxy} isValid={isProxy} />
        <CloudRow isAllowed={engine.isCloudAllowed} />
        <MirrorRow address={settings.install.baseUrl} />
      </div>
    </>
  );
}

function CacheType({ engine }: { engine: Settings['engine'] }) {
  const { t } = useTranslation('engine');
  const isSmaller = engine.kvCacheType === 'q8_0' || engine.kvCacheType === 'q4_0';
  return (
    <ChoiceRow
      name="cacheType"
      value={engine.kvCacheType}
      options={(['auto', 'f16', 'q8_0', 'q4_0'] as const).map((value) => ({
        value,
        label: t(`setting.cache.${value}`),
      }))}
      patch={(kvCacheType) => ({ kvCacheType })}
      note={isSmaller && engine.flashAttention === 'off' ? <Warning word="setting.cacheNeedsFlash" /> : null}
    />
  );
}

function CloudRow({ isAllowed }: { isAllowed: boolean }) {
  const { t } = useTranslation('engine');
  const { error, save } = useSave();
  return (
    <SettingRow title={t('setting.cloud')} help={t('setting.cloudHelp')} error={error}>
      {(names) => (
        <Switch {...names} isOn={isAllowed} onChange={(isOn) => save({ engine: { isCloudAllowed: isOn } })} />
      )}
    </SettingRow>
  );
}

function MirrorRow({ address }: { address: string | null }) {
  const { t } = useTranslation('engine');
  const { error, save } = useSave();
  return (
    <SettingRow title={t('setting.mirror')} help={t('setting.mirrorHelp')}>
      {(names) => (
        <DraftField
          {...names}
          className="w-[280px]"
          isCode
          inputMode="url"
          value={address ?? ''}
          placeholder={t('setting.mirrorEmpty')}
          check={(text) => (text === '' || isWebAddress(text) ? null : t('setting.mirrorInvalid'))}
          onSave={(text) => save({ install: { baseUrl: text === '' ? null : text } })}
          saveError={error}
        />
      )}
    </SettingRow>
  );
}

function Warning({ word }: { word: string }) {
  const { t } = useTranslation('engine');
  return (
    <small className="setting-warning">
      <TriangleAlert className="i i-12" aria-hidden="true" />
      {t(word)}
    </small>
  );
}
