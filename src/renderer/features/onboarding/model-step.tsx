// Step 2 with Ollama: pick one of a few models, then watch it arrive.
import { Box, Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { Download, DownloadsStatus } from '../../../contract/downloads.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { Catalogue } from '../../../contract/models.ts';
import {
  asErrorInfo,
  bytesText,
  hostName,
  isSameModel,
  isThisComputer,
  modelTitle,
  openSettings,
} from '../../lib/index.ts';
import type { OptionCard } from '../../ui/index.ts';
import { Badge, Button, OptionCards, Skeleton } from '../../ui/index.ts';
import { ensureModel, FitBadge, loadCatalogue } from '../models/index.ts';
import type { ModelChoice } from './choices.ts';
import { canRun, firstChoices } from './choices.ts';
import { DownloadCard } from './download-card.tsx';
import { Frame } from './frame.tsx';
import { MemoryNeed } from './memory-need.tsx';
import { StepFault } from './step-fault.tsx';

export interface ModelStepProps {
  catalogue: Catalogue | null;
  downloads: DownloadsStatus | null;
  /** Where Ollama answers; null while nobody knows. */
  host: string | null;
  onBack: () => void;
  /** On to the last step; the download, if there is one, goes on. */
  onNext: (model: string) => void;
}

export function ModelStep({ catalogue, downloads, host, onBack, onNext }: ModelStepProps) {
  const { t } = useTranslation('onboarding');
  const [wish, setWish] = useState<string | null>(null);
  const [problem, setProblem] = useState<ErrorInfo | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  /** The model that was asked for here, or that was on its way already. */
  const [asked, setAsked] = useState<string | null>(null);
  const all = downloads?.downloads ?? [];
  const begun = asked === null ? all.find(({ state }) => state !== 'done') : undefined;
  if (begun) setAsked(begun.model);
  const underWay = all.find(({ model }) => isSameModel(model, asked));
  const isDone = underWay?.state === 'done';
  useEffect(() => {
    if (isDone && underWay) onNext(underWay.model);
  }, [isDone, onNext, underWay]);

  // What is free changes: each time the step opens it is measured anew.
  useEffect(() => {
    loadCatalogue().catch((error: unknown) => setProblem(asErrorInfo(error)));
  }, []);
  const load = () => {
    setProblem(null);
    loadCatalogue().catch((error: unknown) => setProblem(asErrorInfo(error)));
  };

  const choices = catalogue ? firstChoices(catalogue) : [];
  const open = choices.filter(canRun);
  const choice = open.find(({ variant }) => variant.model === wish) ?? open[0];

  const fetch = async (model: string) => {
    setIsBusy(true);
    setProblem(null);
    try {
      const result = await ensureModel(model);
      if (result.type === 'present') onNext(model);
      else setAsked(model);
    } catch (error) {
      setProblem(asErrorInfo(error));
    }
    setIsBusy(false);
  };

  const note = host === null || isThisComputer(host) ? t('model.from') : t('model.fromBy', { host: hostName(host) });
  const back = (
    <Button size="lg" variant="ghost" onClick={onBack}>
      {t('back')}
    </Button>
  );
  if (underWay && underWay.state !== 'done') {
    const isOnItsWay = underWay.state !== 'failed' && underWay.state !== 'paused';
    return (
      <Frame
        key="arriving"
        title={t(`arriving.${TITLES[underWay.state]}`)}
        sub={t('arriving.sub')}
        note={note}
        secondary={back}
        primary={{ label: t(isOnItsWay ? 'arriving.background' : 'arriving.later'), run: () => onNext(underWay.model) }}
      >
        <DownloadCard download={underWay} />
      </Frame>
    );
  }
  return (
    <Frame
      key="choose"
      title={t('model.title')}
      sub={memoryText(catalogue, t)}
      note={note}
      secondary={back}
      primary={{
        label: downloadLabel(choice, t),
        run: () => choice && void fetch(choice.variant.model),
        isBusy,
        isDisabled: choice === undefined,
      }}
    >
      {catalogue ? (
        <OptionCards
          label={t('model.label')}
          value={choice?.variant.model ?? null}
          options={choices.map((each) => cardOf(each, t))}
          onChange={setWish}
        />
      ) : problem ? null : (
        <Skeleton label={t('model.loading')} />
      )}
      <div className="ob-more">
        <Button variant="ghost" icon={Box} onClick={() => openSettings('models')}>
          {t('model.more')}
        </Button>
      </div>
      <StepFault
        message={catalogue && open.length === 0 ? t('model.nothingFits') : null}
        actions={
          <Button size="sm" onClick={load}>
            {t('model.measureAgain')}
          </Button>
        }
      />
      <StepFault
        message={problem?.message}
        actions={
          catalogue ? null : (
            <Button size="sm" onClick={load}>
              {t('retry')}
            </Button>
          )
        }
      />
    </Frame>
  );
}

/** What is on its way may stand still: the title says the same as the card. */
const TITLES = {
  waiting: 'title',
  running: 'title',
  stalled: 'titleStalled',
  paused: 'titlePaused',
  failed: 'titleFailed',
} as const satisfies Record<Exclude<Download['state'], 'done'>, string>;

function cardOf(choice: ModelChoice, t: TFunction<'onboarding'>): OptionCard<string> {
  const { entry, variant, isSuggested } = choice;
  return {
    value: variant.model,
    title: modelTitle(variant.model),
    mark: (
      <>
        {isSuggested ? <Badge size="sm">{t('model.suggested')}</Badge> : null}
        {variant.isInstalled ? (
          <Badge size="sm" tone="ok" icon={Check}>
            {t('model.installed')}
          </Badge>
        ) : (
          <FitBadge label={variant.fit.label} />
        )}
      </>
    ),
    help: variant.isInstalled
      ? entry.goodAt
      : t('model.help', { goodAt: entry.goodAt, size: bytesText(variant.downloadBytes) }),
    aside: <MemoryNeed fit={variant.fit} />,
    isDisabled: !canRun(choice),
  };
}

function memoryText(catalogue: Catalogue | null, t: TFunction<'onboarding'>): string {
  if (!catalogue) return t('model.subPlain');
  const { freeMemoryBytes, gpus } = catalogue.hardware;
  const free = bytesText(freeMemoryBytes);
  const onCard = gpus.reduce((sum, gpu) => sum + (gpu.isShared ? 0 : (gpu.freeBytes ?? 0)), 0);
  return onCard > 0 ? t('model.subGpu', { free, gpu: bytesText(onCard) }) : t('model.sub', { free });
}

function downloadLabel(choice: ModelChoice | undefined, t: TFunction<'onboarding'>): string {
  if (!choice) return t('model.downloadPlain');
  if (choice.variant.isInstalled) return t('continue');
  return t('model.download', { size: bytesText(choice.variant.downloadBytes) });
}
