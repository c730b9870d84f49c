// Step 1: which program runs the models. Installing one shows how it goes, in place of the choice.
import { Network } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { InstallStatus } from '../../../contract/engine.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { asErrorInfo, bytesText, getClient, isThisComputer, openSettings } from '../../lib/index.ts';
import { Button, OptionCards } from '../../ui/index.ts';
import { InstallProgress } from '../engine/index.ts';
import { cardsFor } from './engine-cards.tsx';
import type { EngineChoice, Known } from './engines.ts';
import { firstEngine, foundState, isInstalling, isInstallOpen, ollamaOf, takeOllama } from './engines.ts';
import { CheckAgain } from './check-again.tsx';
import { Frame } from './frame.tsx';
import { StepFault } from './step-fault.tsx';

export interface EngineStepProps {
  known: Known;
  /** The engine is in use; whether it has a model decides what comes next. */
  onReady: (engine: EngineChoice, hasModels: boolean) => void;
  onSkip: () => void;
  /** The installation goes on; the chat is shown meanwhile. */
  onLeave: () => void;
}

export function EngineStep({ known, onReady, onSkip, onLeave }: EngineStepProps) {
  const { t } = useTranslation('onboarding');
  const { install } = known;
  const [wish, setWish] = useState<EngineChoice | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ErrorInfo | null>(null);
  /** The cards are wanted although an installation was begun. */
  const [isChoosing, setIsChoosing] = useState(false);
  /** The installation is over; its Ollama is being taken into use. */
  const [isFinishing, setIsFinishing] = useState(false);

  const take = async (begin: () => Promise<ErrorInfo | null>) => {
    setIsBusy(true);
    setProblem(null);
    setProblem(await begin());
    setIsBusy(false);
  };
  const useOllama = (engine: 'found' | 'own') =>
    take(async () => {
      const outcome = await takeOllama(engine);
      if (outcome.type === 'failed') return outcome.problem;
      onReady(engine, outcome.hasModels);
      return null;
    });
  const startInstall = () =>
    take(async () => {
      try {
        await getClient().install.start({});
        setIsChoosing(false);
        return null;
      } catch (error) {
        return asErrorInfo(error);
      }
    });
  useWhenInstalled(install, () => {
    setIsFinishing(true);
    void useOllama('own').finally(() => setIsFinishing(false));
  });

  const cards = cardsFor(known, t);
  const isOpen = (value: EngineChoice) => cards.some((card) => card.value === value && !card.isDisabled);
  const order: (EngineChoice | null)[] = [wish, firstEngine(known), 'own', 'builtIn'];
  const choice = order.find((each) => each !== null && isOpen(each)) ?? null;

  if (install && (isFinishing || (isInstallOpen(install) && !isChoosing))) {
    const isUnderWay = isFinishing || isInstalling(install);
    const isFailed = install.state === 'failed';
    return (
      <Frame
        key="install"
        title={t(isUnderWay ? 'install.title' : isFailed ? 'install.titleFailed' : 'install.titlePaused')}
        sub={t('install.sub')}
        note={noteFor(known, t)}
        secondary={
          isUnderWay ? null : (
            <Button size="lg" variant="ghost" onClick={() => setIsChoosing(true)}>
              {t('engine.another')}
            </Button>
          )
        }
        primary={{
          label: t(isUnderWay ? 'install.background' : 'install.later'),
          run: onLeave,
        }}
      >
        <div className="card ob-card">
          {isFinishing ? t('install.starting') : <InstallProgress install={install} />}
        </div>
        <StepFault message={problem?.message} />
      </Frame>
    );
  }

  const goOn = () => {
    if (choice === 'builtIn') onReady('builtIn', false);
    else if (choice === 'own' && !install?.installedVersion) void startInstall();
    else if (choice) void useOllama(choice);
  };
  return (
    <Frame
      key="choose"
      title={t('engine.title')}
      sub={t('engine.sub')}
      note={noteFor(known, t)}
      secondary={
        <Button size="lg" variant="ghost" onClick={onSkip}>
          {t('skip')}
        </Button>
      }
      primary={{ label: continueLabel(known, choice, t), run: goOn, isBusy, isDisabled: choice === null }}
    >
      <OptionCards
        label={t('engine.label')}
        value={choice}
        options={cards}
        onChange={(engine) => {
          setWish(engine);
          setProblem(null);
        }}
      />
      <div className="ob-more">
        {foundState(known) === 'missing' ? <CheckAgain isChecking={known.backends?.isChecking ?? false} /> : null}
        <Button variant="ghost" icon={Network} onClick={() => openSettings('backends')}>
          {t('engine.elsewhere')}
        </Button>
      </div>
      <StepFault message={problem?.message} />
    </Frame>
  );
}

/** Goes on by itself once an installation that was watched here has come to its end. */
function useWhenInstalled(install: InstallStatus | null, goOn: () => void): void {
  const wasRunning = useRef(false);
  const latest = useRef(goOn);
  useEffect(() => {
    latest.current = goOn;
  });
  // Before the cards would be painted again for a moment.
  useLayoutEffect(() => {
    const isOver = wasRunning.current && install?.state === 'installed';
    wasRunning.current = isInstalling(install);
    if (isOver) latest.current();
  }, [install]);
}

/** What is true of this computer and the network right now. */
function noteFor({ backends, install }: Known, t: TFunction<'onboarding'>): string {
  if (install?.offer && isInstallOpen(install)) return t('install.from', { host: install.offer.host });
  const hasAsked = ollamaOf(backends)?.host ?? null;
  // What Hearth installed was asked for over the network.
  const hasStayedHere = isThisComputer(hasAsked) && !install?.installedVersion;
  return t(hasStayedHere ? 'engine.nothingLeft' : 'engine.noAccount');
}

function continueLabel({ install }: Known, choice: EngineChoice | null, t: TFunction<'onboarding'>): string {
  if (choice !== 'own' || install?.installedVersion || !install?.offer) return t('continue');
  if (isInstallOpen(install)) return t('install.goOn');
  return t('install.start', { size: bytesText(install.offer.sizeBytes) });
}
