// The two switches of the memory: learning, with who does it, and telling, with who is told.
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { Settings } from '../../../contract/settings.ts';
import { hostName, isThisComputer, modelTitle, openSettings } from '../../lib/index.ts';
import { Switch } from '../../ui/index.ts';
import { SettingRow, useSave } from '../settings/index.ts';

export interface MemorySettingsProps {
  settings: Settings;
  /** Null until main has told. */
  backends: BackendsStatus | null;
}

export function MemorySettings({ settings, backends }: MemorySettingsProps) {
  const { t } = useTranslation('facts');
  const learning = useSave();
  const telling = useSave();
  const { facts } = settings.purposes;
  const away = backends ? awayHosts(backends) : [];
  return (
    <div className="card list">
      <SettingRow
        title={t('learn.title')}
        help={t('learn.help')}
        error={learning.error}
        note={
          <small>
            {backends ? `${whoLearns(settings, backends, t)} ` : null}
            <button type="button" className="fact-link" onClick={() => openSettings('backends')}>
              {t('learn.change')}
            </button>
          </small>
        }
      >
        {(names) => (
          <Switch
            {...names}
            isOn={facts.isOn}
            onChange={(isOn) => learning.save({ purposes: { facts: { ...facts, isOn } } })}
          />
        )}
      </SettingRow>
      <SettingRow
        title={t('tell.title')}
        help={t('tell.help')}
        error={telling.error}
        note={away.length === 0 ? null : <small>{t('tell.away', { hosts: away.join(', ') })}</small>}
      >
        {(names) => (
          <Switch
            {...names}
            isOn={settings.facts.areUsed}
            onChange={(areUsed) => telling.save({ facts: { areUsed } })}
          />
        )}
      </SettingRow>
    </div>
  );
}

/** Which model reads the messages: the one of this purpose, else the chat's. */
function whoLearns(settings: Settings, { backends, chosen }: BackendsStatus, t: TFunction<'facts'>): string {
  const { facts } = settings.purposes;
  const wanted = facts.backend ?? settings.backend;
  const isSameAsChat = facts.backend === null && facts.model === null;
  const backend = backends.find(({ id }) => id === (wanted === 'auto' ? chosen.id : wanted));
  // The demo only knows keywords: it learns nothing.
  if (!backend || backend.kind === 'demo') return t('learn.nobody');
  const model = facts.model ?? (isSameAsChat || backend.id === chosen.id ? chosen.model : null);
  const words = { label: backend.label, model: model === null ? '' : modelTitle(model) };
  const who = model === null ? t('learn.by', words) : t('learn.byModel', words);
  if (backend.state === 'off') return t('learn.off', words);
  return isThisComputer(backend.host) ? who : `${who} ${t('learn.away', { host: hostName(backend.host ?? '') })}`;
}

/** Servers on other computers that are on, each once: any of them may be asked. */
function awayHosts({ backends }: BackendsStatus): string[] {
  const away = backends.filter(({ state, host }) => state !== 'off' && !isThisComputer(host));
  return [...new Set(away.map(({ host }) => hostName(host ?? '')))];
}
