// No model is here yet: what is true, and one way to begin.
import { Download as DownloadIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { bytesText, modelTitle } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import type { CatalogueRow } from './find.ts';
import { getModel } from './get.ts';
import { tellFailure } from './tell.ts';

export interface NoModelsProps {
  rows: CatalogueRow[];
  /** The variant to begin with on this computer. */
  suggested: string | null;
  /** One is on its way: nothing needs to be done. */
  isArriving: boolean;
}

export function NoModels({ rows, suggested, isArriving }: NoModelsProps) {
  const { t } = useTranslation('models');
  const row = rows.find(({ model }) => model === suggested);
  if (isArriving) return <p className="nothing">{t('empty.arriving')}</p>;
  return (
    <div className="empty">
      <p>{t('empty.none')}</p>
      {row ? (
        <Button variant="primary" icon={DownloadIcon} onClick={() => void getModel(row.model).catch(tellFailure)}>
          {t('empty.get', { model: modelTitle(row.model), size: bytesText(row.downloadBytes) })}
        </Button>
      ) : null}
    </div>
  );
}
