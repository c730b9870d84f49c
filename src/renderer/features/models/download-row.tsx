// One download: its mark, name, bar, how far it is, and what can be done with it.
import { Check, CircleAlert, Clock, Pause, Play, RotateCw, X } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Download, DownloadState } from '../../../contract/downloads.ts';
import { getClient, modelTitle } from '../../lib/index.ts';
import { Button, Dot, Icon, IconButton, Meter } from '../../ui/index.ts';
import { downloadText, isMoving, reasonOf } from './download-text.ts';
import { tellFailure } from './tell.ts';

export interface DownloadRowProps {
  download: Download;
  nowMs: number;
  /** In the line of those that run or wait; 1 is the first. */
  place: number;
}

export function DownloadRow({ download, nowMs, place }: DownloadRowProps) {
  const { t } = useTranslation('models');
  const { id, model, state } = download;
  const progress = useHighest(download.progress);
  const title = modelTitle(model);
  const text = downloadText(download, { nowMs, place });
  const isLive = isMoving(download);
  const why = reasonOf(download);
  const pause = () => void getClient().downloads.pause({ id }).catch(tellFailure);
  const resume = () => void getClient().downloads.resume({ id }).catch(tellFailure);
  const cancel = () => void getClient().downloads.cancel({ id }).catch(tellFailure);
  return (
    <li className="dl" aria-label={title}>
      <Mark state={state} isLive={isLive} />
      <b className="clip" data-tip={title === model ? undefined : model}>
        {title}
      </b>
      <Meter
        label={t('arriving.progressOf', { model: title })}
        value={progress}
        tone={isLive ? 'live' : 'still'}
        text={text}
      />
      <span className={state === 'stalled' ? 'txt num warn' : state === 'failed' ? 'txt num bad' : 'txt num'}>
        {text}
      </span>
      <span className="acts">
        {state === 'stalled' ? (
          <Button size="sm" variant="ghost" onClick={resume} aria-label={t('arriving.retryNowOf', { model: title })}>
            {t('arriving.retryNow')}
          </Button>
        ) : null}
        {state === 'failed' ? (
          <Button size="sm" variant="ghost" onClick={resume} aria-label={t('arriving.tryAgainOf', { model: title })}>
            {t('arriving.tryAgain')}
          </Button>
        ) : null}
        {state === 'running' || state === 'waiting' ? (
          <IconButton size="sm" icon={Pause} label={t('arriving.pause', { model: title })} onClick={pause} />
        ) : null}
        {state === 'paused' ? (
          <IconButton size="sm" icon={Play} label={t('arriving.resume', { model: title })} onClick={resume} />
        ) : null}
        {state === 'done' ? null : (
          <IconButton size="sm" icon={X} label={t('arriving.cancel', { model: title })} onClick={cancel} />
        )}
      </span>
      {why === null ? null : <p className="why">{why}</p>}
    </li>
  );
}

const MARKS: Record<Exclude<DownloadState, 'running'>, { icon: LucideIcon; tone: string }> = {
  waiting: { icon: Clock, tone: '' },
  stalled: { icon: RotateCw, tone: 'warn' },
  paused: { icon: Pause, tone: '' },
  failed: { icon: CircleAlert, tone: 'bad' },
  done: { icon: Check, tone: 'ok' },
};

function Mark({ state, isLive }: { state: DownloadState; isLive: boolean }) {
  if (state === 'running') return <Dot tone={isLive ? 'live' : 'off'} />;
  const { icon, tone } = MARKS[state];
  return (
    <span className={`st ${tone}`}>
      <Icon icon={icon} size={12} />
    </span>
  );
}

/** The most a value has been: a bar never goes back, whatever is told while main restarts. */
function useHighest(value: number): number {
  const [highest, setHighest] = useState(value);
  if (value > highest) setHighest(value);
  return Math.max(value, highest);
}
