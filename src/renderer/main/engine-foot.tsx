// The foot of the sidebar: which engine answers and how it is, in two lines. Leads to Settings, Engine.
import { useTranslation } from 'react-i18next';
import { useEngine } from '../features/engine/index.ts';
import { useModels } from '../features/models/index.ts';
import { useSettings } from '../features/settings/index.ts';
import { openSettings, useNowMs } from '../lib/index.ts';
import { Dot } from '../ui/index.ts';
import { footLines } from './foot-lines.ts';

export function EngineFoot() {
  const { t } = useTranslation('app');
  const choice = useSettings((state) => state.settings?.backend ?? null);
  const backends = useSettings((state) => state.backends);
  const queue = useSettings((state) => state.queue);
  const engine = useEngine((state) => state.engine);
  const install = useEngine((state) => state.install);
  const installed = useModels((state) => state.models?.installed ?? null);
  const downloads = useModels((state) => state.downloads?.downloads ?? null);
  const hasResting = backends?.backends.some(({ restsUntilMs }) => restsUntilMs !== null) ?? false;
  const nowMs = useNowMs(hasResting ? 1_000 : 60_000);
  const facts = { choice, backends, queue, engine, install, installed, downloads, nowMs };
  const { tone, first, second } = footLines(facts, t);
  return (
    <button
      type="button"
      className="engine"
      aria-label={t('engine.name', { state: [first, second].filter(Boolean).join('. ') })}
      data-tip={[first, second].filter(Boolean).join('. ')}
      data-tip-cut=""
      onClick={() => openSettings('engine')}
    >
      <Dot tone={tone} />
      <span className="grow">
        <b className="clip">{first}</b> <small className="clip num">{second || '\u00a0'}</small>
      </span>
    </button>
  );
}
