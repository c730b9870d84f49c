// Below a demo reply: what would bring a real answer, and looking again whether one can come.
import { RefreshCw } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { AnswerSource } from '../../../contract/conversations.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { asErrorInfo, clockTime, modelTitle } from '../../lib/index.ts';
import { Button, useKeptFocus } from '../../ui/index.ts';
import { canAnswer } from './choice.ts';
import { chosenBackend, whatHappened } from './origin.ts';
import { remedyForDemo } from './remedy.ts';
import { Again, RemedyActions } from './remedy-actions.tsx';
import { useChatStore } from './store.ts';
import { useKnown } from './use-known.ts';

export interface DemoActionsProps {
  id: MessageId;
  /** Why the demo answered; empty where it was chosen. */
  skipped: AnswerSource['skipped'];
  /** When the demo answered. */
  sinceMs: number;
  /** Looks at every backend again. */
  check: () => Promise<BackendsStatus>;
  onAskAgain: () => void;
  onChooseBackend: () => void;
}

type Finding =
  | { kind: 'none' }
  | { kind: 'checking' }
  | { kind: 'found'; text: string }
  | { kind: 'nothing'; text: string };

export function DemoActions({ id, skipped, sinceMs, check, onAskAgain, onChooseBackend }: DemoActionsProps) {
  const { t } = useTranslation('chat');
  const [looked, setFinding] = useState<Finding>({ kind: 'none' });
  const status = useChatStore((state) => state.backends);
  const actions = useRef<HTMLDivElement>(null);
  useKeptFocus(actions);

  const look = async () => {
    setFinding({ kind: 'checking' });
    try {
      setFinding(found(await check()));
    } catch (error) {
      setFinding({ kind: 'nothing', text: t('demo.failed', { reason: asErrorInfo(error).message }) });
    }
  };

  const found = (status: BackendsStatus): Finding => {
    const { chosen } = status;
    if (hasReal(status)) {
      const words = { label: chosen.label, model: chosen.model === null ? '' : modelTitle(chosen.model) };
      return { kind: 'found', text: t(chosen.model === null ? 'demo.found' : 'demo.foundModel', words) };
    }
    const problem = status.backends.find((backend) => backend.kind !== 'demo' && backend.problem)?.problem;
    const words = { time: clockTime(Date.now()), reason: problem ? whatHappened(problem) : '' };
    const isForced = !problem || chosenBackend(status)?.problem;
    return { kind: 'nothing', text: t(isForced ? 'demo.nothingPlain' : 'demo.nothing', words) };
  };

  // A model that came meanwhile needs no look of one's own.
  const isReady = looked.kind === 'none' && status !== null && hasReal(status);
  const finding = isReady ? found(status) : looked;
  const isChecking = finding.kind === 'checking';
  const [first] = skipped;
  const looking = (variant: 'secondary' | 'ghost') => (
    <Button
      key="look"
      size="sm"
      variant={variant}
      icon={RefreshCw}
      className={isChecking ? 'is-turning' : ''}
      isBusy={isChecking}
      onClick={() => void look()}
    >
      {isChecking ? t('demo.checking') : t('demo.check')}
    </Button>
  );
  const choosing = (variant: 'secondary' | 'ghost') => (
    <Button key="choose" size="sm" variant={variant} onClick={onChooseBackend}>
      {t('demo.choose')}
    </Button>
  );
  // What has just been in vain is not the first thing to do.
  const plain =
    finding.kind === 'nothing' ? [choosing('secondary'), looking('ghost')] : [looking('secondary'), choosing('ghost')];
  return (
    <div ref={actions} className="demo-actions">
      {finding.kind === 'found' ? (
        <Button size="sm" variant="primary" onClick={onAskAgain}>
          {t('remedy.again')}
        </Button>
      ) : first ? (
        <WhatHelps first={first} id={id} sinceMs={sinceMs} onAskAgain={onAskAgain} plain={plain}>
          {looking('ghost')}
          {choosing('ghost')}
        </WhatHelps>
      ) : (
        plain
      )}
      <span role="status" className="demo-finding">
        {finding.kind === 'found' || finding.kind === 'nothing' ? finding.text : ''}
      </span>
    </div>
  );
}

interface WhatHelpsProps extends Pick<DemoActionsProps, 'id' | 'sinceMs' | 'onAskAgain'> {
  first: AnswerSource['skipped'][number];
  /** What there is where nothing else helps. */
  plain: ReactNode;
  children: ReactNode;
}

/** What would make the first choice answer, with looking again beside it. */
function WhatHelps({ first, id, sinceMs, onAskAgain, plain, children }: WhatHelpsProps) {
  const { t } = useTranslation('chat');
  const host = useChatStore(({ backends }) => backends?.backends.find(({ kind }) => kind === first.kind)?.host ?? null);
  const source = { kind: first.kind, label: first.label, host, url: '', model: null, skipped: [] };
  const message = { id, source, settledAtMs: sinceMs, createdAtMs: sinceMs };
  const { known, mended } = useKnown({ error: first.reason, message, canGoOn: false });
  const remedy = remedyForDemo(first.reason, known);
  if (mended?.type === 'arrived')
    return <Again words={t('remedy.here', { model: modelTitle(mended.model) })} onAskAgain={onAskAgain} />;
  if (remedy === null) return plain;
  return (
    <RemedyActions remedies={[remedy]} id={id} isMended={false} onAskAgain={onAskAgain}>
      {children}
    </RemedyActions>
  );
}

/** Whether a model would answer now. With the demo switched off, the next one may be one that can't. */
function hasReal(status: BackendsStatus): boolean {
  const next = chosenBackend(status);
  return status.chosen.kind !== 'demo' && (next === undefined || canAnswer(next));
}
