// Ollama does not answer, so its models can't be listed: why, and what leads on. Or a deletion that did not happen.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineStatus } from '../../../contract/engine.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { asErrorInfo, getClient, openSettings } from '../../lib/index.ts';
import { Button, Fault, Note } from '../../ui/index.ts';

export interface EngineTroubleProps {
  problem: ErrorInfo;
  /** Null while nobody knows. */
  engine: EngineStatus | null;
}

/** Nothing is wrong with an Ollama that the user stopped or never had. */
const CALM = new Set<ErrorInfo['code']>(['ollama_held', 'ollama_not_installed']);

export function EngineTrouble({ problem, engine }: EngineTroubleProps) {
  const { t } = useTranslation('models');
  const [isAsked, setIsAsked] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const state = engine?.state ?? null;
  const isStarting = isAsked || state === 'starting' || state === 'restarting';
  const canStart = state === 'stopped' || state === 'failed' || isStarting;
  const start = async () => {
    setIsAsked(true);
    setRefusal(null);
    await getClient()
      .engine.start()
      .catch((error: unknown) => setRefusal(asErrorInfo(error).message));
    setIsAsked(false);
  };
  // Our own Ollama knows better why it is away than whoever found nobody.
  const isAway = problem.code === 'backend_unreachable';
  const words = <span role="status">{refusal ?? (isAway ? engine?.problem?.message : null) ?? problem.message}</span>;
  // It answers: then it is not the list that is missing.
  if (state === 'ready') {
    return (
      <div className="trouble">
        <Fault>{words}</Fault>
      </div>
    );
  }
  // One that has answered before has not been absent all the time.
  const title = t(`trouble.${state === 'absent' && (engine?.problem ?? null) === null ? 'absent' : 'silent'}`);
  const actions = (
    <>
      {canStart ? (
        <Button size="sm" isBusy={isStarting} onClick={() => void start()}>
          {t(isStarting ? 'trouble.starting' : 'trouble.start')}
        </Button>
      ) : null}
      <Button size="sm" variant={canStart ? 'ghost' : 'secondary'} onClick={() => openSettings('engine')}>
        {t(state === 'absent' ? 'trouble.install' : 'trouble.open')}
      </Button>
    </>
  );
  if (refusal === null && CALM.has(problem.code)) {
    return (
      <div className="trouble calm">
        <Note>
          <b>{title}</b>
          {words}
          <div className="acts">{actions}</div>
        </Note>
      </div>
    );
  }
  return (
    <div className="trouble">
      <Fault title={title} actions={actions}>
        {words}
      </Fault>
    </div>
  );
}
