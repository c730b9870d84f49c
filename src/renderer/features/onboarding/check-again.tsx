// Looking once more whether an Ollama has come up.
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { asErrorInfo, clockSeconds, getClient } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { ollamaOf } from './engines.ts';

export function CheckAgain({ isChecking }: { isChecking: boolean }) {
  const { t } = useTranslation('onboarding');
  const [isAsked, setIsAsked] = useState(false);
  const [problem, setProblem] = useState<ErrorInfo | null>(null);
  /** When it was looked last, and what stood in the way: else a look that finds nothing would leave no trace. */
  const [looked, setLooked] = useState<{ atMs: number; reason: string } | null>(null);
  const check = async () => {
    setIsAsked(true);
    setProblem(null);
    setLooked(null);
    try {
      const ollama = ollamaOf(await getClient().backends.check());
      setLooked({ atMs: Date.now(), reason: ollama?.problem?.message ?? '' });
    } catch (error) {
      setProblem(asErrorInfo(error));
    }
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
      {looked && !isBusy ? (
        <span className="help num" role="status">
          {t('engine.lookedAt', { time: clockSeconds(looked.atMs), reason: looked.reason })}
        </span>
      ) : null}
    </>
  );
}
