// The foot of the sidebar: which engine answers and how it is, in two lines. Leads to Settings, Backends.
import { useTranslation } from 'react-i18next';
import { openSettings } from '../../lib/index.ts';
import { Dot } from '../../ui/index.ts';
import { describeEngine } from './describe.ts';
import { useSettings } from './store.ts';

export function EngineFoot() {
  const { t } = useTranslation('app');
  const choice = useSettings((state) => state.settings?.backend ?? null);
  const backends = useSettings((state) => state.backends);
  const queue = useSettings((state) => state.queue);
  const { tone, first, second } = describeEngine(backends, queue, choice, t);
  return (
    <button
      type="button"
      className="engine"
      aria-label={t('engine.name', { state: [first, second].filter(Boolean).join('. ') })}
      data-tip={second.length > 38 ? second : undefined}
      onClick={() => openSettings('backends')}
    >
      <Dot tone={tone} />
      <span className="grow">
        <b className="clip">{first}</b>
        <small className="clip num">{second || '\u00a0'}</small>
      </span>
    </button>
  );
}
