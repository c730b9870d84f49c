// The buttons of a remedy, with what comes of pressing them.
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asErrorInfo, bytesText, getClient, modelTitle, openOnboarding, openSettings } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { downloadText, ensureModel, useDownload, useDownloadBytes } from '../models/index.ts';
import { MoreContext } from './more-context.tsx';
import type { Remedy } from './remedy.ts';

export interface RemedyActionsProps {
  remedy: Remedy;
  /** When the answer failed: what arrived before did not help. */
  sinceMs: number;
  onAskAgain: () => void;
  /** What else can be done; gives way to asking again once the remedy has worked. */
  children?: ReactNode;
}

export function RemedyActions({ remedy, ...rest }: RemedyActionsProps) {
  switch (remedy.type) {
    case 'fetch':
      return <FetchModel model={remedy.model} {...rest} />;
    case 'moreContext':
      return (
        <MoreContext question={remedy.question} isAnswered={false} onAskAgain={rest.onAskAgain}>
          {rest.children}
        </MoreContext>
      );
    case 'start':
      return <StartOllama {...rest} />;
    case 'getModel':
    case 'setUp':
    case 'seeEngine':
    case 'backends':
      return <Lead to={remedy.type}>{rest.children}</Lead>;
    default:
      return remedy satisfies never;
  }
}

const WAYS = {
  getModel: () => openSettings('models'),
  setUp: openOnboarding,
  seeEngine: () => openSettings('engine'),
  backends: () => openSettings('backends'),
};

/** To the page that helps. */
function Lead({ to, children }: { to: keyof typeof WAYS; children: ReactNode }) {
  const { t } = useTranslation('chat');
  return (
    <>
      <Button size="sm" onClick={WAYS[to]}>
        {t(`remedy.${to}`)}
      </Button>
      {children}
    </>
  );
}

type RestProps = Omit<RemedyActionsProps, 'remedy'>;

/** Something main is asked for by a press, and how that went. */
function useAsking() {
  const [state, setState] = useState<'asked' | 'done' | { failed: string } | null>(null);
  const ask = (run: () => Promise<boolean>) => {
    setState('asked');
    run().then(
      (isDone) => setState(isDone ? 'done' : null),
      (error: unknown) => setState({ failed: asErrorInfo(error).message }),
    );
  };
  const failed = state !== null && typeof state === 'object' ? state.failed : null;
  return { ask, isAsked: state === 'asked', isDone: state === 'done', failed };
}

function FetchModel({ model, sinceMs, onAskAgain, children }: { model: string } & RestProps) {
  const { t } = useTranslation('chat');
  const { ask, isAsked, isDone, failed } = useAsking();
  const download = useDownload(model);
  const bytes = useDownloadBytes(model);
  const title = modelTitle(model);
  const hasArrived = download?.state === 'done' && (download.finishedAtMs ?? 0) >= sinceMs;
  if (isDone || hasArrived) return <Again words={t('remedy.here', { model: title })} onAskAgain={onAskAgain} />;
  const fetch = () => ask(async () => (await ensureModel(model)).type === 'present');
  if (download && download.state !== 'done') {
    const isFailed = download.state === 'failed';
    const words = isFailed && download.problem ? download.problem.message : downloadText(download);
    return (
      <>
        {isFailed ? (
          <Button size="sm" isBusy={isAsked} onClick={fetch}>
            {t('remedy.goOn')}
          </Button>
        ) : null}
        <Button size="sm" variant={isFailed ? 'ghost' : 'secondary'} onClick={() => openSettings('models')}>
          {t('remedy.showDownload')}
        </Button>
        {children}
        <span className="remedy-words num">
          {isFailed ? words : t('remedy.onItsWay', { model: title, progress: words })}
        </span>
        <Failed words={failed} />
      </>
    );
  }
  return (
    <>
      <Button size="sm" isBusy={isAsked} onClick={fetch}>
        {bytes === null
          ? t('remedy.fetch', { model: title })
          : t('remedy.fetchSized', { model: title, size: bytesText(bytes) })}
      </Button>
      {children}
      <Failed words={failed} />
    </>
  );
}

function StartOllama({ onAskAgain, children }: RestProps) {
  const { t } = useTranslation('chat');
  const { ask, isAsked, isDone, failed } = useAsking();
  if (isDone) return <Again words={t('remedy.started')} onAskAgain={onAskAgain} />;
  const start = async () => {
    await getClient().engine.start();
    return true;
  };
  return (
    <>
      <Button size="sm" isBusy={isAsked} onClick={() => ask(start)}>
        {t(isAsked ? 'remedy.starting' : 'remedy.start')}
      </Button>
      {children}
      <Failed words={failed} />
    </>
  );
}

function Again({ words, onAskAgain }: { words: string; onAskAgain: () => void }) {
  const { t } = useTranslation('chat');
  return (
    <>
      <Button size="sm" variant="primary" onClick={onAskAgain}>
        {t('fault.askAgain')}
      </Button>
      <span role="status" className="remedy-words">
        {words}
      </span>
    </>
  );
}

function Failed({ words }: { words: string | null }) {
  return words === null ? null : (
    <span role="alert" className="remedy-words is-bad">
      {words}
    </span>
  );
}
