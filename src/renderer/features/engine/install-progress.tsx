// How the installation of Ollama goes: the step, the bar, what is left, and pause, go on, discard. Also part of the first start.
import './install-progress.css';
import { Check } from 'lucide-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { InstallState, InstallStatus } from '../../../contract/engine.ts';
import { bytesText, getClient, secondsText } from '../../lib/index.ts';
import { Button, Fault, Icon, Meter, VisuallyHidden } from '../../ui/index.ts';
import { useAction } from './use-action.ts';
import { useSecondsUntil } from './use-seconds-until.ts';

type WorkState = Exclude<InstallState, 'none' | 'installed'>;

/** The steps a person sees, in order. */
const STEPS = ['download', 'verify', 'unpack', 'test'] as const;
const STEP_OF: Record<WorkState, number> = {
  looking: 0,
  downloading: 0,
  paused: 0,
  failed: 0,
  verifying: 1,
  unpacking: 2,
  testing: 3,
};

/** Nothing while nothing is being installed: look at `install.state` for that. */
export function InstallProgress({ install }: { install: InstallStatus }) {
  const { t } = useTranslation('engine');
  const action = useAction();
  const { state } = install;
  const isWorking = !['none', 'installed', 'paused', 'failed'].includes(state);
  const retryIn = useSecondsUntil(isWorking ? install.retryAtMs : null);
  if (state === 'none' || state === 'installed') return null;

  const version = install.version ?? install.offer?.version ?? '';
  const isStalled = state === 'downloading' && install.retryAtMs !== null;
  const isSilent = state === 'downloading' && install.bytesPerSecond !== null && install.bytesPerSecond < 1;
  const isMoving = isWorking && !isStalled && !isSilent && install.problem === null;
  const title = t(isStalled ? 'install.stalled' : `install.${state}`, { version });
  const known = { received: bytesText(install.receivedBytes), total: bytesText(install.totalBytes ?? 0) };
  // What is half here goes on, not another version.
  const release = install.version === null || install.version === install.offer?.version ? 'pinned' : 'newest';
  const goOn = () => action.run(() => getClient().install.start({ release }));
  const hasArrived = install.receivedBytes > 0;

  return (
    <div className="install" role="group" aria-label={t('install.label')}>
      {state === 'failed' ? null : <Steps at={STEP_OF[state]} />}
      <div className="row gap-3">
        <div className="grow">
          <b className="block text-13 font-strong">{title}</b>
          <small className="num block min-h-4 text-12 text-ink-3">
            {detailOf(install, { isStalled, isSilent, retryIn, known }, t)}
          </small>
        </div>
        {isWorking ? (
          <Button size="sm" isBusy={action.isBusy} onClick={() => action.run(() => getClient().install.pause())}>
            {t('install.pause')}
          </Button>
        ) : null}
        {state === 'paused' ? (
          <Button size="sm" isBusy={action.isBusy} onClick={goOn}>
            {t('install.goOn')}
          </Button>
        ) : null}
        {isWorking || state === 'paused' ? (
          <Button
            size="sm"
            variant="ghost"
            isBusy={action.isBusy}
            onClick={() => action.run(() => getClient().install.discard())}
          >
            {t('install.discard')}
          </Button>
        ) : null}
      </div>
      {state === 'failed' ? null : (
        <Meter
          label={title}
          tone={isMoving ? 'live' : 'still'}
          value={valueOf(install)}
          {...(STEP_OF[state] === 0 && install.totalBytes ? { text: t('install.received', known) } : {})}
        />
      )}
      {state !== 'failed' && install.problem ? (
        <p className="m-0 text-12 text-ink-2">{install.problem.message}</p>
      ) : null}
      {state === 'failed' ? (
        <Fault
          role="alert"
          actions={
            <>
              <Button size="sm" isBusy={action.isBusy} onClick={goOn}>
                {t(hasArrived ? 'install.goOn' : 'install.tryAgain')}
              </Button>
              <Button
                size="sm"
                variant="ghost"
                isBusy={action.isBusy}
                onClick={() => action.run(() => getClient().install.discard())}
              >
                {t(hasArrived ? 'install.discard' : 'install.giveUp')}
              </Button>
            </>
          }
        >
          {install.problem?.message ?? t('install.failed')}
        </Fault>
      ) : null}
      {action.failure ? (
        <p className="em m-0" role="alert">
          {action.failure.message}
        </p>
      ) : null}
      {/* Said once a step, not with every byte. */}
      <VisuallyHidden>
        <span role="status">{title}</span>
      </VisuallyHidden>
    </div>
  );
}

function Steps({ at }: { at: number }) {
  const { t } = useTranslation('engine');
  return (
    <ol className="install-steps" aria-label={t('install.steps')}>
      {STEPS.map((step, index) => (
        <li key={step} className={index < at ? 'past' : ''} aria-current={index === at ? 'step' : undefined}>
          {index < at ? <Icon icon={Check} size={12} /> : null}
          {t(`install.step.${step}`)}
          {index < at ? <VisuallyHidden>{t('install.stepDone')}</VisuallyHidden> : null}
        </li>
      ))}
    </ol>
  );
}

function valueOf(install: InstallStatus): number | null {
  if (install.state === 'downloading' || install.state === 'paused') {
    return install.totalBytes ? install.receivedBytes / install.totalBytes : null;
  }
  return install.stepProgress;
}

interface Arrival {
  isStalled: boolean;
  /** Nothing has come for some seconds. */
  isSilent: boolean;
  /** Seconds. */
  retryIn: number;
  known: { received: string; total: string };
}

function detailOf(
  install: InstallStatus,
  { isStalled, isSilent, retryIn, known }: Arrival,
  t: TFunction<'engine'>,
): string {
  const arrived = install.totalBytes ? t('install.received', known) : known.received;
  switch (install.state) {
    case 'downloading':
      if (isStalled) return [arrived, t('install.retryIn', { seconds: retryIn })].join(' · ');
      if (isSilent) return [arrived, t('install.silent')].join(' · ');
      return [
        arrived,
        install.bytesPerSecond === null ? null : t('install.speed', { speed: bytesText(install.bytesPerSecond) }),
        install.secondsLeft === null ? null : t('install.left', { left: secondsText(install.secondsLeft) }),
      ]
        .filter((part) => part !== null)
        .join(' · ');
    case 'paused':
    case 'failed':
      return install.receivedBytes > 0 ? t('install.kept', { arrived }) : '';
    case 'looking':
      return install.offer?.host ?? '';
    case 'verifying':
    case 'unpacking':
    case 'testing':
      return t(`install.${install.state}About`);
    case 'none':
    case 'installed':
      break;
  }
  return '';
}
