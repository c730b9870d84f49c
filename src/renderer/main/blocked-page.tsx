// The history can't be opened: says why and what to do. Never an empty history instead.
import { FolderOpen, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppStatus } from '../../contract/app.ts';
import type { ErrorInfo } from '../../contract/errors.ts';
import { asErrorInfo, getClient } from '../lib/index.ts';
import { Button } from '../ui/index.ts';
import { FullPage } from './full-page.tsx';

export function BlockedPage({ status }: { status: AppStatus }) {
  const { t } = useTranslation('app');
  const [isTrying, setIsTrying] = useState(false);
  const [failure, setFailure] = useState<ErrorInfo | null>(null);
  const problem = failure ?? status.problem;

  const call = (run: () => Promise<unknown>) => {
    setFailure(null);
    return run().catch((error: unknown) => setFailure(asErrorInfo(error)));
  };
  const retry = async () => {
    setIsTrying(true);
    await call(() => getClient().app.retry());
    setIsTrying(false);
  };

  return (
    <FullPage
      title={t('blocked.title')}
      body={problem?.message ?? t('error.internal')}
      detail={problem?.detail}
      actions={
        <>
          <Button variant="primary" size="lg" icon={RefreshCw} isBusy={isTrying} onClick={() => void retry()}>
            {t(isTrying ? 'blocked.retrying' : 'blocked.retry')}
          </Button>
          <Button size="lg" icon={FolderOpen} onClick={() => void call(() => getClient().app.openDataFolder())}>
            {t('blocked.openFolder')}
          </Button>
        </>
      }
    >
      <p className="mt-3 text-13 text-ink-3">{t('blocked.safe')}</p>
      <p className="mt-1 text-13 text-ink-3">
        {t('blocked.where')}: <span className="mono break-all select-text">{status.dataFolder}</span>
      </p>
    </FullPage>
  );
}
