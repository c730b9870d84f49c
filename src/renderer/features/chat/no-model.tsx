// In a new chat, while only the demo could answer: what is missing, or how far it is, and the way there.
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import { modelTitle, openOnboarding, openSettings } from '../../lib/index.ts';
import { useEngine } from '../engine/index.ts';
import { downloadText, useModels } from '../models/index.ts';

/** Whether every question would go to the demo although nobody chose it. */
export function isWithoutModel({ backends, chosen, isChecking }: BackendsStatus): boolean {
  const isDemoChosen = backends.every(({ kind, state }) => kind === 'demo' || state === 'off');
  return chosen.kind === 'demo' && !isChecking && !isDemoChosen;
}

export function NoModel({ backends }: { backends: BackendsStatus }) {
  const { t } = useTranslation('chat');
  const install = useEngine((state) => state.install?.state ?? 'none');
  const download = useModels(({ downloads }) => downloads?.downloads.find(({ state }) => state !== 'done') ?? null);
  const hasOllama = backends.backends.some(({ kind, state }) => kind === 'ollama' && state === 'ready');
  const toModels = () => openSettings('models');

  if (install !== 'none' && install !== 'installed') {
    const isStill = install === 'paused' || install === 'failed';
    return (
      <Line words={t(isStill ? 'noModel.installStopped' : 'noModel.installing')} act="show" run={openOnboarding} />
    );
  }
  if (download) {
    const words = t('remedy.onItsWay', { model: modelTitle(download.model), progress: downloadText(download) });
    return <Line words={words} act="show" run={toModels} />;
  }
  return hasOllama ? (
    <Line words={t('noModel.words')} act="getModel" run={toModels} />
  ) : (
    <Line words={t('noModel.words')} act="setUp" run={openOnboarding} />
  );
}

function Line({ words, act, run }: { words: string; act: 'show' | 'getModel' | 'setUp'; run: () => void }) {
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
