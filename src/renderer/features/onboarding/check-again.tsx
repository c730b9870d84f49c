// Looking once more whether an Ollama has come up.
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';

export function CheckAgain({ isChecking }: { isChecking: boolean }) {
  const { t } = useTranslation('onboarding');
  const [isAsked, setIsAsked] = useState(false);
  const [problem, setProblem] = useState<ErrorInfo | null>(null);
  const check = async () => {
    setIsAsked(true);
    setProblem(null);
    await getClient()
      .backends.check()
      .catch((error: unknown) => setProblem(asErrorInfo(error)));
    setIsAsked(false);
  };
  const isBusy = isAsked || isChecking;
  return (
    <>
      <Button
        variant="ghost"
        icon={RefreshCw}
        isBusy={isBusy}
        className={isBusy ? 'is-turning' : ''}
        onClick={() => void check()}
      >
        {t(isBusy ? 'engine.checking' : 'engine.checkAgain')}
      </Button>
      {problem ? (
        <span className="em" role="alert">
          {problem.message}
        </span>
      ) : null}
    </>
  );
}
