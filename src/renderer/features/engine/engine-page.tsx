// The page Engine of the settings: the Ollama that answers, which one it is, how it runs, and what it says.
import './engine.css';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineStatus } from '../../../contract/engine.ts';
import type { Settings } from '../../../contract/settings.ts';
import { openOnboarding } from '../../lib/index.ts';
import { Button, Skeleton, TopBar, useKeptFocus } from '../../ui/index.ts';
import { StreamFault, useSettings } from '../settings/index.ts';
import { ChooseSection } from './choose-section.tsx';
import { EngineCard } from './engine-card.tsx';
import { LogSection } from './log-section.tsx';
import { RestartNote } from './restart-note.tsx';
import { SettingsSection } from './settings-section.tsx';
import { useEngine } from './store.ts';

export function EnginePage() {
  const { t } = useTranslation('engine');
  // Not how far an installation is: that is for the part that shows it.
  const engine = useEngine((state) => state.engine);
  const canInstall = useEngine((state) => state.install?.offer != null);
  const settings = useSettings((state) => state.settings);
  const own = useEngine((state) => state.problem);
  const shared = useSettings((state) => state.problem);
  const trouble = (engine === null ? own : null) ?? (settings === null ? shared : null);
  const heading = useRef<HTMLHeadingElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const log = useRef<HTMLDivElement>(null);
  useKeptFocus(content);

  // The page that opens takes the focus, so that keys and screen readers start there.
  useEffect(() => heading.current?.focus(), []);

  const seeLog = () => {
    log.current?.scrollIntoView({ block: 'end' });
    log.current?.querySelector<HTMLElement>('[role=log]')?.focus({ preventScroll: true });
  };

  return (
    <>
      <TopBar />
      <div ref={content} className="page" data-region="settings">
        <div className="page-head">
          <div className="grow">
            <h1 ref={heading} tabIndex={-1}>
              {t('title')}
            </h1>
            <p>{t('about.page')}</p>
          </div>
          <Button onClick={openOnboarding}>{t('setUpAgain')}</Button>
        </div>
        {engine ? <RestartNote engine={engine} /> : null}
        {engine && settings ? (
          <EngineCard
            engine={engine}
            canWake={settings.ollama.startWhenNeeded}
            canInstall={canInstall}
            onSeeLog={seeLog}
          />
        ) : trouble ? (
          <StreamFault problem={trouble} />
        ) : (
          <Skeleton label={t('loading')} />
        )}
        {settings ? <Choose engine={engine} settings={settings} /> : null}
        {settings ? <SettingsSection settings={settings} /> : null}
        <div ref={log}>
          <LogSection engine={engine} />
        </div>
      </div>
    </>
  );
}

function Choose(props: { engine: EngineStatus | null; settings: Settings }) {
  const install = useEngine((state) => state.install);
  return <ChooseSection {...props} install={install} />;
}
