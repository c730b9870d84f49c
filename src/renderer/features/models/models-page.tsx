// The page Models of the settings.
import { useTranslation } from 'react-i18next';
import { TopBar } from '../../ui/index.ts';

export function ModelsPage() {
  const { t } = useTranslation('app');
  return (
    <>
      <TopBar />
      <div className="page" data-region="settings">
        <h1>{t('settings.section.models')}</h1>
      </div>
    </>
  );
}
