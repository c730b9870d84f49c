// Step 3: what is ready, what still arrives, and a first question.
import { ArrowRight, Check } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { Download } from '../../../contract/downloads.ts';
import { getClient, modelTitle, openChats } from '../../lib/index.ts';
import { Icon } from '../../ui/index.ts';
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
  // Main looks by itself after a while; here somebody waits.
  useEffect(() => {
    if (isThere)
      void getClient()
        .backends.check()
        .catch(() => undefined);
  }, [isThere]);

  const { title, sub } = wordsFor(backends, arriving, t);
  const canAnswer = isThere && backends !== null && backends.chosen.kind !== 'demo';
  return (
    <Frame title={title} sub={sub} note={t('done.note')} primary={{ label: t('done.start'), run: openChats }}>
      {arriving ? <DownloadCard download={arriving} /> : null}
      {canAnswer ? (
        <>
          <div className="card ob-card ob-ready">
            <span className="ob-check">
              <Icon icon={Check} size={12} />
            </span>
            <b className="grow clip">{titleOf(backends.chosen.model ?? model)}</b>
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
  t: TFunction<'onboarding'>,
): { title: string; sub: string } {
  if (arriving) return { title: t('done.almost'), sub: t('done.almostSub') };
  // The look at the engines that follows tells soon.
  if (!backends || backends.chosen.kind === 'demo') return { title: t('done.almost'), sub: t('done.looking') };
  return { title: t('done.title'), sub: t('done.sub') };
}

function titleOf(model: string | null): string {
  return model === null ? '' : modelTitle(model.split(/[\\/]/).at(-1) ?? model);
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
