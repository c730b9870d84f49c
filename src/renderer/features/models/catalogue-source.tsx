// Where the catalogue comes from, and fetching a newer one from an address that the user gave.
import { RefreshCw } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../contract/models.ts';
import { asErrorInfo } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { DraftField, useSave } from '../settings/index.ts';
import { refreshCatalogue } from './store.ts';

export interface CatalogueSourceProps {
  catalogue: Catalogue;
  url: string | null;
}

export function CatalogueSource({ catalogue, url }: CatalogueSourceProps) {
  const { t, i18n } = useTranslation('models');
  const id = useId();
  const { error, save } = useSave();
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ text: string; isBad: boolean } | null>(null);
  const refresh = async () => {
    setIsBusy(true);
    setOutcome(null);
    try {
      await refreshCatalogue();
      setOutcome({ text: t('source.fetched'), isBad: false });
    } catch (error) {
      setOutcome({ text: asErrorInfo(error).message, isBad: true });
    }
    setIsBusy(false);
  };
  const day = new Date(catalogue.updated);
  const date = Number.isNaN(day.getTime())
    ? catalogue.updated
    : new Intl.DateTimeFormat(i18n.language, { dateStyle: 'long', timeZone: 'UTC' }).format(day);
  return (
    <div className="catalogue-source">
      <p id={`${id}-about`}>
        {t(`source.${catalogue.source}`, { date })} {t('source.about')}
      </p>
      <div className="source-row">
        <span id={id}>{t('source.address')}</span>
        <DraftField
          labelledBy={id}
          describedBy={`${id}-about`}
          value={url ?? ''}
          placeholder={t('source.placeholder')}
          inputMode="url"
          check={(text) => (text === '' || isWebAddress(text) ? null : t('source.invalid'))}
          onSave={(text) => {
            setOutcome(null);
            save({ catalogue: { url: text === '' ? null : text } });
          }}
          saveError={error}
        />
        {url === null ? null : (
          <Button size="sm" icon={RefreshCw} isBusy={isBusy} onClick={() => void refresh()}>
            {t(isBusy ? 'source.refreshing' : 'source.refresh')}
          </Button>
        )}
      </div>
      <p className={outcome?.isBad ? 'em' : 'help'} role="status">
        {outcome?.text}
      </p>
    </div>
  );
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text);
}
