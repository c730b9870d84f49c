// The catalogue for the page: measured when it opens, and again when a model has come into memory or left it.
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue, ModelsStatus } from '../../../contract/models.ts';
import { asErrorInfo } from '../../lib/index.ts';
import { Button, Fault } from '../../ui/index.ts';
import { loadCatalogue, useModels } from './store.ts';

interface CatalogueNow {
  catalogue: Catalogue | null;
  /** Why there is none; null while one is shown. */
  problem: string | null;
  retry: () => void;
}

export function useCatalogue(): CatalogueNow {
  const catalogue = useModels((state) => state.catalogue);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(
    () =>
      loadCatalogue().then(
        () => setProblem(null),
        (error: unknown) => setProblem(asErrorInfo(error).message),
      ),
    [],
  );
  useEffect(() => {
    void load();
    return useModels.subscribe(({ models }, before) => {
      if (heldBy(models) !== heldBy(before.models)) void load();
    });
  }, [load]);
  const retry = () => {
    setProblem(null);
    void load();
  };
  // An older one is still right about everything but the fit.
  return { catalogue, problem: catalogue ? null : problem, retry };
}

/** What lies in memory, as a text that is the same as long as that is. */
function heldBy(models: ModelsStatus | null): string {
  return (models?.installed ?? []).flatMap(({ name, loaded }) => (loaded ? [name] : [])).join('\n');
}

export function CatalogueTrouble({ problem, onRetry }: { problem: string; onRetry: () => void }) {
  const { t } = useTranslation('models');
  return (
    <section>
      <div className="sec">
        <h2>{t('catalogue.heading')}</h2>
      </div>
      <Fault
        actions={
          <Button size="sm" onClick={onRetry}>
            {t('details.retry')}
          </Button>
        }
      >
        {problem}
      </Fault>
    </section>
  );
}
