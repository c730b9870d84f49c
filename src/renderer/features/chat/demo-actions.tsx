// Below a demo reply: what would bring a real answer, and looking again whether one can come.
import { RefreshCw } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { AnswerSource } from '../../../contract/conversations.ts';
import { asErrorInfo, clockTime, modelTitle } from '../../lib/index.ts';
import { Button, useKeptFocus } from '../../ui/index.ts';
import { canAnswer } from './choice.ts';
import { chosenBackend, whatHappened } from './origin.ts';
import { remedyForDemo } from './remedy.ts';
import { RemedyActions } from './remedy-actions.tsx';
import { useChatStore } from './store.ts';

export interface DemoActionsProps {
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

export function DemoActions({ skipped, sinceMs, check, onAskAgain, onChooseBackend }: DemoActionsProps) {
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
  const ollama = status?.backends.find(({ kind }) => kind === 'ollama');
  const remedy = remedyForDemo(skipped, ollama?.host ?? null);
  const others = (
    <>
      <Button
        size="sm"
        variant={remedy ? 'ghost' : 'secondary'}
        icon={RefreshCw}
        className={isChecking ? 'is-turning' : ''}
        isBusy={isChecking}
        onClick={() => void look()}
      >
        {isChecking ? t('demo.checking') : t('demo.check')}
      </Button>
      <Button size="sm" variant="ghost" onClick={onChooseBackend}>
        {t('demo.choose')}
      </Button>
    </>
  );
  return (
    <div ref={actions} className="demo-actions">
      {finding.kind === 'found' ? (
        <Button size="sm" variant="primary" onClick={onAskAgain}>
          {t('fault.askAgain')}
        </Button>
      ) : remedy ? (
        <RemedyActions remedy={remedy} sinceMs={sinceMs} onAskAgain={onAskAgain}>
          {others}
        </RemedyActions>
      ) : (
        others
      )}
      <span role="status" className="demo-finding">
        {finding.kind === 'found' || finding.kind === 'nothing' ? finding.text : ''}
      </span>
    </div>
  );
}

/** Whether a model would answer now. With the demo switched off, the next one may be one that can't. */
function hasReal(status: BackendsStatus): boolean {
  const next = chosenBackend(status);
  return status.chosen.kind !== 'demo' && (next === undefined || canAnswer(next));
}
