// Settings wait for a restart: said where one sees it while changing more of them, with the button that does it.
import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { EngineStatus } from '../../../contract/engine.ts';
import { getClient } from '../../lib/index.ts';
import { Button, Note } from '../../ui/index.ts';
import { useAction } from './use-action.ts';

export function RestartNote({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation('engine');
  const { run, isBusy, failure } = useAction();
  const isBeingRestarted = isBusy || engine.state === 'starting' || engine.state === 'stopping';
  return (
    <div className="engine-note" role="status">
      {engine.needsRestart && engine.owner === 'hearth' ? (
        <Note tone="warn" icon={RotateCw}>
          <div className="row gap-3">
            <span className="grow">
              {t('restart.needed')}
              {failure ? ` ${failure.message}` : null}
            </span>
            <Button
              className="-my-1 text-ink"
              size="sm"
              isBusy={isBeingRestarted}
              onClick={() => run(() => getClient().engine.restart())}
            >
              {t('restart.now')}
            </Button>
          </div>
        </Note>
      ) : null}
    </div>
  );
}
