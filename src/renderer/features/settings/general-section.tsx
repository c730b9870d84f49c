// Settings, General: how Hearth looks.
import { useTranslation } from 'react-i18next';
import type { Settings, Theme } from '../../../contract/settings.ts';
import { Segmented } from '../../ui/index.ts';
import { SettingRow } from './setting-row.tsx';
import { useSave } from './use-save.ts';

export function GeneralSection({ settings }: { settings: Settings }) {
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
        {(labelId) => (
          <Segmented
            labelledBy={labelId}
            value={settings.theme}
            options={themes}
            onChange={(value) => theme.save({ theme: value })}
          />
        )}
      </SettingRow>
    </div>
  );
}
