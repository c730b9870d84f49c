// Instead of a page that waits for ever: why main tells nothing, and a button that asks it again now.
import { useTranslation } from 'react-i18next';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { watchAgain } from '../../lib/index.ts';
import { Button, Fault } from '../../ui/index.ts';

export function StreamFault({ problem, title }: { problem: ErrorInfo; title?: string }) {
  const { t } = useTranslation('app');
  const again = (
    <Button size="sm" onClick={watchAgain}>
      {t('streamFault.again')}
    </Button>
  );
  return (
    <Fault {...(title === undefined ? {} : { title })} actions={again}>
      {problem.message}
    </Fault>
  );
}
