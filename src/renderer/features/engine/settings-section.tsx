// How Ollama runs: what many want to change in view, the rest folded away.
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { openSettings } from '../../lib/index.ts';
import { Button, Icon, Switch } from '../../ui/index.ts';
import { SettingRow, useSave } from '../settings/index.ts';
import { MoreSettings } from './more-settings.tsx';
import { ChoiceRow, NumberRow } from './setting-controls.tsx';

/** In the lists: Ollama decides. */
const AUTO = '';
const CONTEXT_LENGTHS = [4_096, 8_192, 16_384, 32_768, 65_536, 131_072, 262_144];
const TOKENS_IN_K = 1_024;
/** Minutes; -1 for ever, 0 not at all. */
const KEEP_ALIVE = [0, 5, 15, 30, 60, 240, -1];
const PARALLEL_MAX = 64;

export function SettingsSection({ settings }: { settings: Settings }) {
  const { t } = useTranslation('engine');
  return (
    <>
      <div className="sec">
        <h2>{t('setting.title')}</h2>
        <span className="grow" />
        <span className="text-12 text-ink-3">{t('setting.whenTheyCount')}</span>
      </div>
      <div className="card list">
        <StartWhenNeeded settings={settings} />
        <ContextLength tokens={settings.engine.contextLength} />
        <KeepAlive minutes={settings.engine.keepAliveMinutes} />
        <NumberRow name="parallel" value={settings.engine.parallel} min={1} max={PARALLEL_MAX} empty={null} />
        <ModelsFolder folder={settings.engine.modelsFolder} />
      </div>
      <details className="more mt-2">
        <summary>
          <Icon icon={ChevronRight} size={14} />
          {t('setting.more')}
        </summary>
        <MoreSettings settings={settings} />
      </details>
    </>
  );
}

function StartWhenNeeded({ settings }: { settings: Settings }) {
  const { t } = useTranslation('engine');
  const { error, save } = useSave();
  return (
    <SettingRow title={t('setting.start')} help={t('setting.startHelp')} error={error}>
      {(names) => (
        <Switch
          {...names}
          isOn={settings.ollama.startWhenNeeded}
          onChange={(isOn) => save({ ollama: { startWhenNeeded: isOn } })}
        />
      )}
    </SettingRow>
  );
}

function ContextLength({ tokens }: { tokens: number | null }) {
  const { t } = useTranslation('engine');
  // 0 is Ollama's own word for deciding itself.
  const present = tokens === null || tokens === 0 ? AUTO : String(tokens);
  const options = withPresent(CONTEXT_LENGTHS, tokens === 0 ? null : tokens).map((one) => ({
    value: String(one),
    label:
      one % TOKENS_IN_K === 0
        ? t('setting.contextK', { count: one / TOKENS_IN_K })
        : t('setting.contextTokens', { count: one }),
  }));
  return (
    <ChoiceRow
      name="contextLength"
      value={present}
      options={[{ value: AUTO, label: t('setting.auto') }, ...options]}
      patch={(value) => ({ contextLength: value === AUTO ? null : Number(value) })}
    />
  );
}

function KeepAlive({ minutes }: { minutes: number | null }) {
  const { t } = useTranslation('engine');
  const label = (one: number) => {
    if (one === -1) return t('setting.keepAlways');
    if (one === 0) return t('setting.keepNever');
    return one % 60 === 0 ? t('setting.keepHours', { count: one / 60 }) : t('setting.keepMinutes', { count: one });
  };
  const options = withPresent(KEEP_ALIVE, minutes).map((one) => ({ value: String(one), label: label(one) }));
  return (
    <ChoiceRow
      name="keepAlive"
      value={minutes === null ? AUTO : String(minutes)}
      options={[{ value: AUTO, label: t('setting.auto') }, ...options]}
      patch={(value) => ({ keepAliveMinutes: value === AUTO ? null : Number(value) })}
    />
  );
}

function ModelsFolder({ folder }: { folder: string | null }) {
  const { t } = useTranslation('engine');
  return (
    <SettingRow title={t('setting.modelsFolder')} help={folder ?? t('setting.modelsFolderDefault')}>
      {({ describedBy }) => (
        <Button size="sm" aria-describedby={describedBy} onClick={() => openSettings('models')}>
          {t('setting.modelsFolderMove')}
        </Button>
      )}
    </SettingRow>
  );
}

/** The choices, with the present value when it is another one. */
function withPresent(choices: number[], present: number | null): number[] {
  return present === null || choices.includes(present) ? choices : [present, ...choices];
}
