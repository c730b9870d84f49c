// In a new chat, while no model could answer: what is missing, or how far it is, and the way there.
import { useTranslation } from 'react-i18next';
import type { BackendsStatus, BackendState } from '../../../contract/backends.ts';
import type { Download } from '../../../contract/downloads.ts';
import { modelTitle, openOnboarding, openSettings } from '../../lib/index.ts';
import { useEngine } from '../engine/index.ts';
import { useDownloadWords, useModels } from '../models/index.ts';

/** One that only rests is asked all the same where nobody else is there. */
const IS_OUT: ReadonlySet<BackendState> = new Set<BackendState>(['off', 'unavailable']);

/** Whether every question would go to the demo although nobody chose it, or to nobody at all. */
export function isWithoutModel({ backends, chosen, isChecking }: BackendsStatus): boolean {
  if (isChecking) return false;
  const isDemoChosen = backends.every(({ kind, state }) => kind === 'demo' || state === 'off');
  if (chosen.kind === 'demo') return !isDemoChosen;
  return !isDemoChosen && backends.every(({ kind, state }) => kind === 'demo' || IS_OUT.has(state));
}

export function NoModel({ backends }: { backends: BackendsStatus }) {
  const { t } = useTranslation('chat');
  const install = useEngine((state) => state.install?.state ?? 'none');
  const download = useModels(({ downloads }) => downloads?.downloads.find(({ state }) => state !== 'done') ?? null);
  const hasOllama = backends.backends.some(({ kind, state }) => kind === 'ollama' && state === 'ready');
  const toModels = () => openSettings('models');
  const isDemo = backends.chosen.kind === 'demo';
  const words = t(isDemo ? 'noModel.words' : 'noModel.nobody');

  if (install !== 'none' && install !== 'installed') {
    const isStill = install === 'paused' || install === 'failed';
    return (
      <Line words={t(isStill ? 'noModel.installStopped' : 'noModel.installing')} act="show" run={openOnboarding} />
    );
  }
  if (download) return <OnItsWay download={download} run={toModels} />;
  return hasOllama ? (
    <Line words={words} act="getModel" run={toModels} />
  ) : isDemo ? (
    <Line words={words} act="setUp" run={openOnboarding} />
  ) : (
    <Line words={words} act="backends" run={() => openSettings('backends')} />
  );
}

/** What stalls or has stopped says why: without its cause a wait looks like a mistake. */
function OnItsWay({ download, run }: { download: Download; run: () => void }) {
  const { t } = useTranslation('chat');
  const { text, why } = useDownloadWords(download);
  const words = t('remedy.onItsWay', { model: modelTitle(download.model), progress: text });
  return <Line words={why === null ? words : `${words}. ${why}`} act="show" run={run} />;
}

function Line({
  words,
  act,
  run,
}: {
  words: string;
  act: 'show' | 'getModel' | 'setUp' | 'backends';
  run: () => void;
}) {
  const { t } = useTranslation('chat');
  return (
    <>
      <span className="num">{words}</span>{' '}
      <button type="button" className="no-model" onClick={run}>
        {t(act === 'show' ? 'remedy.show' : `remedy.${act}`)}
      </button>
    </>
  );
}
