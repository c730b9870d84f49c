// Settings, General: how Hearth looks, which one it is, and where it keeps things.
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AppStatus } from '../../../contract/app.ts';
import type { Settings, Theme } from '../../../contract/settings.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import { Button, Segmented, showToast } from '../../ui/index.ts';
import { SettingRow } from './setting-row.tsx';
import { useSave } from './use-save.ts';

export interface GeneralSectionProps {
  settings: Settings;
  /** Null while nothing is known yet. */
  app: AppStatus | null;
}

export function GeneralSection({ settings, app }: GeneralSectionProps) {
  return (
    <>
      <Look settings={settings} />
      {app ? <About app={app} /> : null}
    </>
  );
}

function Look({ settings }: { settings: Settings }) {
  const { t } = useTranslation('app');
  const theme = useSave();
  const themes: { value: Theme; label: string }[] = [
    { value: 'system', label: t('settings.general.themeSystem') },
    { value: 'light', label: t('settings.general.themeLight') },
    { value: 'dark', label: t('settings.general.themeDark') },
  ];
  return (
    <div className="card list">
      <SettingRow title={t('settings.general.theme')} help={t('settings.general.themeHelp')} error={theme.error}>
        {(names) => (
          <Segmented
            {...names}
            value={settings.theme}
            options={themes}
            onChange={(value) => theme.save({ theme: value })}
          />
        )}
      </SettingRow>
    </div>
  );
}

function About({ app }: { app: AppStatus }) {
  const { t } = useTranslation('app');
  const openFolder = () => {
    getClient()
      .app.openDataFolder()
      .catch((error: unknown) => showToast({ text: asErrorInfo(error).message, icon: CircleAlert }));
  };
  return (
    <>
      <div className="sec">
        <h2>{t('settings.general.aboutHearth')}</h2>
      </div>
      <div className="card list">
        <SettingRow title={t('settings.general.version')}>
          {() => <span className="num text-12 text-ink-2 select-text">{app.version}</span>}
        </SettingRow>
        <SettingRow title={t('settings.general.dataFolder')} help={app.dataFolder}>
          {() => (
            <Button size="sm" onClick={openFolder}>
              {t('settings.general.openFolder')}
            </Button>
          )}
        </SettingRow>
      </div>
    </>
  );
}
