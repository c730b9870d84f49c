// Below a demo reply: look again whether a model can answer, and say what came of it.
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import { asErrorInfo, clockTime } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { chosenBackend, modelName, whatHappened } from './origin.ts';

export interface DemoActionsProps {
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

export function DemoActions({ check, onAskAgain, onChooseBackend }: DemoActionsProps) {
  const { t } = useTranslation('chat');
  const [finding, setFinding] = useState<Finding>({ kind: 'none' });

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
    if (chosen.kind !== 'demo') {
      const words = { label: chosen.label, model: chosen.model === null ? '' : modelName(chosen.model) };
      return { kind: 'found', text: t(chosen.model === null ? 'demo.found' : 'demo.foundModel', words) };
    }
    const problem = status.backends.find((backend) => backend.kind !== 'demo' && backend.problem)?.problem;
    const words = { time: clockTime(Date.now()), reason: problem ? whatHappened(problem) : '' };
    const isForced = !problem || chosenBackend(status)?.problem;
    return { kind: 'nothing', text: t(isForced ? 'demo.nothingPlain' : 'demo.nothing', words) };
  };

  const isChecking = finding.kind === 'checking';
  return (
    <div className="demo-actions">
      <Button
        size="sm"
        icon={RefreshCw}
        className={isChecking ? 'is-turning' : ''}
        isBusy={isChecking}
        onClick={() => void look()}
      >
        {isChecking ? t('demo.checking') : t('demo.check')}
      </Button>
      {finding.kind === 'found' ? (
        <Button size="sm" variant="primary" onClick={onAskAgain}>
          {t('fault.askAgain')}
        </Button>
      ) : (
        <Button size="sm" variant="ghost" onClick={onChooseBackend}>
          {t('demo.choose')}
        </Button>
      )}
      <span role="status" className="demo-finding">
        {finding.kind === 'found' || finding.kind === 'nothing' ? finding.text : ''}
      </span>
    </div>
  );
}
