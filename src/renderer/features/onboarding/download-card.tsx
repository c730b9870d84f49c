// A model on its way: how far, how fast, how long, and what can be done about it.
import { Pause, Play, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Download } from '../../../contract/downloads.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { asErrorInfo, getClient, modelTitle } from '../../lib/index.ts';
import { Button, Dot, IconButton, Meter } from '../../ui/index.ts';
import { isMoving, useDownloadWords } from '../models/index.ts';
import { StepFault } from './step-fault.tsx';

export function DownloadCard({ download }: { download: Download }) {
  const { t } = useTranslation('onboarding');
  const [problem, setProblem] = useState<ErrorInfo | null>(null);
  const { id, state, model, progress } = download;
  const title = modelTitle(model);
  const act = (name: 'pause' | 'resume' | 'cancel') => () => {
    setProblem(null);
    getClient()
      .downloads[name]({ id })
      .catch((error: unknown) => setProblem(asErrorInfo(error)));
  };
  const isPausable = state === 'running' || state === 'waiting' || state === 'stalled';
  const { text, why } = useDownloadWords(download);
  const isLive = isMoving(download);
  const shown = problem?.message ?? (state === 'failed' ? why : null);
  return (
    <>
      <div className="card ob-card">
        <div className="ob-card-head">
          <Dot tone={isLive ? 'live' : state === 'failed' ? 'bad' : state === 'stalled' ? 'warn' : 'off'} />
          <b className="grow clip">{title}</b>
          <span className="num">{text}</span>
          {state === 'stalled' ? (
            <Button size="sm" onClick={act('resume')}>
              {t('download.tryNow')}
            </Button>
          ) : null}
          {isPausable ? (
            <IconButton size="sm" icon={Pause} label={t('download.pause')} onClick={act('pause')} />
          ) : state === 'paused' ? (
            <IconButton size="sm" icon={Play} label={t('download.resume')} onClick={act('resume')} />
          ) : null}
          {state === 'done' ? null : (
            <IconButton size="sm" icon={X} label={t('download.cancel')} onClick={act('cancel')} />
          )}
        </div>
        <Meter
          className="thick"
          label={t('download.label', { model: title })}
          value={progress}
          tone={isLive ? 'live' : 'still'}
          text={text}
        />
        {why === null || state === 'failed' ? null : <p className="ob-card-why">{why}</p>}
      </div>
      <StepFault
        message={shown}
        actions={
          state === 'failed' ? (
            <Button size="sm" onClick={act('resume')}>
              {t('download.retry')}
            </Button>
          ) : null
        }
      />
    </>
  );
}
