// The page of the first start, in place of the whole window: engine, model, done. Can be opened again later.
import './onboarding.css';
import { CircleAlert } from 'lucide-react';
import { useCallback, useContext, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openChats } from '../../lib/index.ts';
import { Mark, showToast, TopBarBelow, useKeptFocus } from '../../ui/index.ts';
import { useEngine } from '../engine/index.ts';
import { useDownload, useModels } from '../models/index.ts';
import { saveSettings, useSettings } from '../settings/index.ts';
import { Announcer } from './announcer.tsx';
import { DoneStep } from './done-step.tsx';
import { EngineStep } from './engine-step.tsx';
import type { EngineChoice } from './engines.ts';
import { hasModelFile, isInstallOpen, ollamaOf } from './engines.ts';
import { FileStep } from './file-step.tsx';
import { ModelStep } from './model-step.tsx';
import type { Step } from './step-marker.tsx';
import { StepMarker } from './step-marker.tsx';

interface At {
  step: Step;
  engine: EngineChoice;
  /** The model that was picked. */
  model: string | null;
}

export function Onboarding() {
  const { t } = useTranslation('app');
  const below = useContext(TopBarBelow);
  const settings = useSettings((state) => state.settings);
  const backends = useSettings((state) => state.backends);
  const engine = useEngine((state) => state.engine);
  const install = useEngine((state) => state.install);
  const catalogue = useModels((state) => state.catalogue);
  const downloads = useModels((state) => state.downloads);
  const [at, setAt] = useState<At | null>(null);
  const body = useRef<HTMLDivElement>(null);
  useKeptFocus(body);
  const model = at?.model ?? null;
  const download = useDownload(model);

  const finish = useCallback((picked: string | null) => {
    setAt((now) => ({ step: 'done', engine: now?.engine ?? 'found', model: picked }));
    void markDone();
  }, []);
  const arriving = downloads?.downloads.find(({ state }) => state !== 'done') ?? null;
  // A download that was left under way is found again where it was begun, and stays there when it is done.
  const isResumed = settings?.onboarding.isDone === false && arriving !== null && !isInstallOpen(install);
  if (at === null && isResumed) setAt({ step: 'model', engine: 'found', model: null });
  const step = at?.step ?? 'engine';

  const onEngine = (chosen: EngineChoice, hasModels: boolean) => {
    if (hasModels || (chosen === 'builtIn' && hasModelFile(backends))) {
      if (chosen === 'builtIn') void saveSettings({ backend: 'llamacpp' });
      setAt({ step: 'done', engine: chosen, model: null });
      void markDone();
    } else setAt({ step: 'model', engine: chosen, model: null });
  };
  const back = () => setAt({ step: 'engine', engine: at?.engine ?? 'found', model: null });
  const skip = () => {
    void markDone();
    openChats();
  };

  return (
    <div className="ob" data-region="page">
      <header className="bar">
        <Mark />
        <span className="ob-name">{t('name')}</span>
      </header>
      {below}
      <div className="ob-scroll">
        <div ref={body} className="ob-body">
          <StepMarker step={step} />
          {step === 'engine' ? (
            <EngineStep
              known={{ settings, backends, engine, install }}
              onReady={onEngine}
              onSkip={skip}
              onLeave={openChats}
            />
          ) : step === 'done' ? (
            <DoneStep backends={backends} model={model} download={download} />
          ) : at?.engine === 'builtIn' ? (
            <FileStep onBack={back} onNext={finish} />
          ) : (
            <ModelStep
              catalogue={catalogue}
              downloads={downloads}
              host={ollamaOf(backends)?.host ?? null}
              onBack={back}
              onNext={finish}
            />
          )}
        </div>
      </div>
      <Announcer download={download ?? arriving} />
    </div>
  );
}

/** From now on it opens only when it is asked for. */
async function markDone(): Promise<void> {
  const problem = await saveSettings({ onboarding: { isDone: true } });
  if (problem) showToast({ text: problem.message, icon: CircleAlert });
}
