// A model that is missing: fetched at a press, then how far it is.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asErrorInfo, bytesText, modelTitle, openSettings } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { downloadText, ensureModel, useDownload, useDownloadBytes } from '../models/index.ts';

export function FetchModel({ model, variant }: { model: string; variant: 'primary' | 'secondary' | 'ghost' }) {
  const { t } = useTranslation('chat');
  const [isAsked, setAsked] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const download = useDownload(model);
  const bytes = useDownloadBytes(model);
  const title = modelTitle(model);
  const fetch = async () => {
    setAsked(true);
    setRefused(null);
    try {
      await ensureModel(model);
    } catch (error) {
      setRefused(asErrorInfo(error).message);
    }
    setAsked(false);
  };

  if (download && download.state !== 'done' && download.state !== 'failed') {
    return (
      <>
        <Button size="sm" variant={variant} onClick={() => openSettings('models')}>
          {t('remedy.showDownload')}
        </Button>
        <span className="remedy-words num">
          {t('remedy.onItsWay', { model: title, progress: downloadText(download) })}
        </span>
      </>
    );
  }
  const isFailed = download?.state === 'failed';
  const size = bytes === null ? null : bytesText(bytes);
  const words = size === null ? t('remedy.fetch', { model: title }) : t('remedy.fetchSized', { model: title, size });
  return (
    <>
      <Button size="sm" variant={variant} isBusy={isAsked} onClick={() => void fetch()}>
        {isFailed ? t('remedy.goOnFetching') : words}
      </Button>
      {isFailed ? (
        <span className="remedy-words num">{download.problem?.message ?? downloadText(download)}</span>
      ) : null}
      {refused === null ? null : (
        <span role="alert" className="remedy-words is-bad">
          {refused}
        </span>
      )}
    </>
  );
}
