// The models that are here: what they are, when they answered last, and what can be done with them.
import { useCallback, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstalledModel } from '../../../contract/models.ts';
import { bytesText, useNowMs } from '../../lib/index.ts';
import type { ModelActions } from './installed-row.tsx';
import { InstalledRow, keyOf } from './installed-row.tsx';

export interface InstalledSectionProps {
  /** Those that are shown: without those that are being deleted. */
  models: InstalledModel[];
  /** All of them. */
  count: number;
  totalBytes: number;
  /** Names of those that are being read into memory. */
  loading: string[];
  actions: ModelActions;
}

const MINUTE_MS = 60_000;

export function InstalledSection({ models, count, totalBytes, loading, actions }: InstalledSectionProps) {
  const { t } = useTranslation('models');
  const nowMs = useNowMs(MINUTE_MS);
  const list = useRef<HTMLDivElement>(null);
  /** The model whose deletion was asked for, and the one whose row gets the focus when its own has gone. */
  const leaving = useRef<{ key: string; next: string | null } | null>(null);
  useLayoutEffect(() => {
    if (leaving.current === null || models.some((model) => keyOf(model) === leaving.current?.key)) return;
    const { next } = leaving.current;
    leaving.current = null;
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-model]') ?? [])];
    const row = rows.find((one) => one.dataset.model === next);
    row?.querySelector<HTMLElement>('[data-delete]')?.focus();
  });
  const latest = useRef({ models, actions });
  useLayoutEffect(() => {
    latest.current = { models, actions };
  });
  const remove = useCallback((model: InstalledModel) => {
    const { models, actions } = latest.current;
    const at = models.findIndex((one) => keyOf(one) === keyOf(model));
    const neighbour = models[at + 1] ?? models[at - 1];
    leaving.current = { key: keyOf(model), next: neighbour ? keyOf(neighbour) : null };
    actions.remove(model);
  }, []);
  return (
    <section aria-labelledby="models-installed">
      <div className="sec">
        <h2 id="models-installed">{t('installed.heading')}</h2>
        <span className="aside num">{t('installed.count', { count, size: bytesText(totalBytes) })}</span>
      </div>
      {models.length === 0 ? (
        <p className="nothing">{t('installed.noMatch')}</p>
      ) : (
        <div className="grid-table installed" role="table" aria-labelledby="models-installed" ref={list}>
          <div role="rowgroup">
            <div className="grid-row head" role="row">
              <span role="columnheader">{t('installed.name')}</span>
              <span role="columnheader">{t('installed.size')}</span>
              <span role="columnheader" className="w-wide">
                {t('installed.family')}
              </span>
              <span role="columnheader" className="w-wide">
                {t('installed.context')}
              </span>
              <span role="columnheader" className="w-mid">
                {t('installed.lastUsed')}
              </span>
              <span role="columnheader">
                <span className="sr">{t('installed.actions')}</span>
              </span>
            </div>
          </div>
          <div className="grid-rows" role="rowgroup">
            {models.map((model) => (
              <InstalledRow
                key={keyOf(model)}
                model={model}
                isLoading={loading.includes(model.name)}
                nowMs={nowMs}
                actions={actions}
                onRemove={remove}
              />
            ))}
          </div>
        </div>
      )}
    </section>
  );
}
