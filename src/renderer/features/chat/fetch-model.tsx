// A model that is missing: fetched at a press, then how far it is.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Download } from '../../../contract/downloads.ts';
import { asErrorInfo, bytesText, getClient, modelTitle, openSettings } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { downloadText, ensureModel, useDownload, useDownloadBytes, useDownloadWords } from '../models/index.ts';

type Variant = 'primary' | 'secondary' | 'ghost';

export function FetchModel({ model, variant }: { model: string; variant: Variant }) {
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
    return <OnItsWay download={download} variant={variant} />;
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

/** How far it is, and while nothing moves why not, with a press that tries at once. */
function OnItsWay({ download, variant }: { download: Download; variant: Variant }) {
  const { t } = useTranslation('chat');
  const { text, why } = useDownloadWords(download);
  const [refused, setRefused] = useState<string | null>(null);
  const tryNow = () => {
    setRefused(null);
    getClient()
      .downloads.resume({ id: download.id })
      .catch((error: unknown) => setRefused(asErrorInfo(error).message));
  };
  const words = t('remedy.onItsWay', { model: modelTitle(download.model), progress: text });
  return (
    <>
      {download.state === 'stalled' ? (
        <Button size="sm" variant={variant} onClick={tryNow}>
          {t('remedy.tryNow')}
        </Button>
      ) : null}
      <Button
        size="sm"
        variant={download.state === 'stalled' ? 'ghost' : variant}
        onClick={() => openSettings('models')}
      >
        {t('remedy.showDownload')}
      </Button>
      <span className="remedy-words num">{why === null ? words : `${words}. ${why}`}</span>
      {refused === null ? null : (
        <span role="alert" className="remedy-words is-bad">
          {refused}
        </span>
      )}
    </>
  );
}
