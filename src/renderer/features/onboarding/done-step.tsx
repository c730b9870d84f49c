// Step 3: what is ready, what still arrives, and a first question.
import { ArrowRight, Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { Download } from '../../../contract/downloads.ts';
import { getClient, modelTitle, openChats, openSettings } from '../../lib/index.ts';
import { Button, Icon } from '../../ui/index.ts';
import { useChatStore } from '../chat/index.ts';
import { DownloadCard } from './download-card.tsx';
import { Frame } from './frame.tsx';

export interface DoneStepProps {
  backends: BackendsStatus | null;
  /** The model that was picked; null where there was one already. */
  model: string | null;
  /** How it arrives, while it does. */
  download: Download | null;
}

const EXAMPLES = ['moon', 'packing', 'email'] as const;

export function DoneStep({ backends, model, download }: DoneStepProps) {
  const { t } = useTranslation('onboarding');
  const arriving = download && download.state !== 'done' ? download : null;
  const isThere = !arriving;
  const [hasLooked, setHasLooked] = useState(false);
  // Main looks by itself after a while; here somebody waits.
  useEffect(() => {
    if (isThere)
      void getClient()
        .backends.check()
        .catch(() => undefined)
        .finally(() => setHasLooked(true));
  }, [isThere]);

  const { title, sub } = wordsFor(backends, arriving, hasLooked, t);
  const canAnswer = isThere && backends !== null && backends.chosen.kind !== 'demo';
  const isWithout = isThere && !canAnswer && hasLooked;
  return (
    <Frame
      title={title}
      sub={sub}
      note={t('done.note')}
      secondary={
        isWithout ? (
          <Button size="lg" variant="ghost" onClick={() => openSettings('models')}>
            {t('model.more')}
          </Button>
        ) : null
      }
      primary={{ label: t('done.start'), run: openChats }}
    >
      {arriving ? <DownloadCard download={arriving} /> : null}
      {canAnswer ? (
        <>
          <div className="card ob-card ob-ready">
            <span className="ob-check">
              <Icon icon={Check} size={12} />
            </span>
            <b className="grow clip">{modelTitle(backends.chosen.model ?? model ?? '')}</b>
            <span>{t('done.on', { label: backends.chosen.label })}</span>
          </div>
          <ul className="ob-examples list card" aria-label={t('done.examples')}>
            {EXAMPLES.map((name) => (
              <li key={name}>
                <button type="button" onClick={() => ask(t(`done.example.${name}`))}>
                  <span className="grow">{t(`done.example.${name}`)}</span>
                  <Icon icon={ArrowRight} size={14} />
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Frame>
  );
}

function wordsFor(
  backends: BackendsStatus | null,
  arriving: Download | null,
  hasLooked: boolean,
  t: TFunction<'onboarding'>,
): { title: string; sub: string } {
  if (arriving) return { title: t('done.almost'), sub: t('done.almostSub') };
  if (backends && backends.chosen.kind !== 'demo') return { title: t('done.title'), sub: t('done.sub') };
  // One that was cancelled, or an engine that does not answer.
  if (hasLooked && !backends?.isChecking) return { title: t('done.almost'), sub: t('done.without') };
  return { title: t('done.almost'), sub: t('done.looking') };
}

/** Asks in a new chat; what was being written there stays. */
function ask(question: string): void {
  const { startNew, setDraft, send } = useChatStore.getState();
  startNew();
  const { draft } = useChatStore.getState();
  setDraft(question);
  void send();
  setDraft(draft);
  openChats();
}
