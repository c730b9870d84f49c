// A name that no list holds: it can be fetched all the same.
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/index.ts';
import { readModelName } from './names.ts';

export function OfferByName({ name, onGet }: { name: string; onGet: () => void }) {
  const { t } = useTranslation('models');
  const host = readModelName(name)?.host ?? null;
  return (
    <div className="offer">
      <Button size="sm" icon={Download} onClick={onGet} data-offer>
        <span className="clip">{t('find.download', { name })}</span>
      </Button>
      <span>{host === null ? t('find.fromLibrary') : t('find.fromHost', { host })}</span>
    </div>
  );
}
