// The page Engine of the settings.
import { useTranslation } from 'react-i18next';
import { TopBar } from '../../ui/index.ts';

export function EnginePage() {
  const { t } = useTranslation('app');
  return (
    <>
      <TopBar />
      <div className="page" data-region="settings">
        <h1>{t('settings.section.engine')}</h1>
      </div>
    </>
  );
}
