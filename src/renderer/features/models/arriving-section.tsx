// What is on its way: downloads in their order, and long work on files.
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { Download, DownloadsStatus } from '../../../contract/downloads.ts';
import type { FileWork } from '../../../contract/models.ts';
import { getClient, useNowMs } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { ArrivingAnnouncer } from './announcer.tsx';
import { DownloadRow } from './download-row.tsx';
import { tellFailure } from './tell.ts';
import { WorkRow } from './work-row.tsx';

export interface ArrivingSectionProps {
  /** Null until main has told. */
  downloads: DownloadsStatus | null;
  work: FileWork[] | null;
}

const SECOND_MS = 1_000;

export function ArrivingSection({ downloads, work }: ArrivingSectionProps) {
  const { t } = useTranslation('models');
  const works = work ?? [];
  const list = downloads?.downloads ?? [];
  const open = list.filter(({ state }) => state !== 'done');
  const nowMs = useNowMs(open.some(({ state }) => state === 'stalled') ? SECOND_MS : null);
  const isEmpty = list.length === 0 && works.length === 0;
  return (
    <>
      <ArrivingAnnouncer downloads={downloads?.downloads ?? null} work={work} />
      {isEmpty ? null : (
        <section aria-labelledby="models-arriving">
          <div className="sec">
            <h2 id="models-arriving" tabIndex={-1}>
              {t(open.length > 0 ? 'arriving.downloading' : works.length > 0 ? 'arriving.working' : 'arriving.done')}
            </h2>
            <span className="aside num">
              {downloads && open.length > 0 ? countText(open, downloads.parallel, t) : null}
            </span>
            {list.length > open.length ? (
              <Button
                size="sm"
                variant="ghost"
                onClick={() => void getClient().downloads.clearFinished().catch(tellFailure)}
              >
                {t('arriving.clearFinished')}
              </Button>
            ) : null}
          </div>
          <ul className="card list arriving">
            {works.map((one) => (
              <WorkRow key={one.id} work={one} />
            ))}
            {list.map((one) => (
              <DownloadRow key={one.id} download={one} nowMs={nowMs} place={placeOf(one, list)} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function countText(open: Download[], parallel: number, t: TFunction<'models'>): string {
  const inList = t('arriving.count', { count: open.length });
  return [inList, t('arriving.atOnce', { count: parallel })].join(', ');
}

/** 1 is the next. Who is paused or has failed stands in nobody's way. */
function placeOf(download: Download, list: Download[]): number {
  const line = list.filter(({ state }) => state === 'running' || state === 'waiting');
  return line.indexOf(download) + 1;
}
