// The settings page of the main pane, and the list of its sections in the sidebar. Every change counts at once.
import {
  ArrowLeft,
  BookMarked,
  Box,
  CircleAlert,
  Cpu,
  Layers,
  RefreshCw,
  SlidersHorizontal,
  Wrench,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppStatus } from '../../../contract/app.ts';
import type { SettingsSection } from '../../lib/index.ts';
import { asErrorInfo, openSettings, useNavigation } from '../../lib/index.ts';
import { Button, Icon, Keys, showToast, Skeleton, TopBar } from '../../ui/index.ts';
import { AdvancedSection } from './advanced-section.tsx';
import { BackendsSection } from './backends-section.tsx';
import { GeneralSection } from './general-section.tsx';
import { checkBackends, useSettings } from './store.ts';

const SECTIONS: { section: SettingsSection; icon: LucideIcon }[] = [
  { section: 'general', icon: SlidersHorizontal },
  { section: 'models', icon: Box },
  { section: 'engine', icon: Cpu },
  { section: 'backends', icon: Layers },
  { section: 'memory', icon: BookMarked },
  { section: 'advanced', icon: Wrench },
];

/** In place of the chats in the sidebar: the way back and the sections. */
export function SettingsNav({ section, onBack }: { section: SettingsSection; onBack: () => void }) {
  const { t } = useTranslation('app');
  const isAside = useNavigation(({ place }) => place.page === 'settings' && place.isAside === true);
  return (
    <>
      <div className="side-top">
        <button type="button" className="nav-item" aria-keyshortcuts="Escape" onClick={onBack}>
          <Icon icon={ArrowLeft} />
          <span>{t(isAside ? 'sidebar.backToSetUp' : 'sidebar.back')}</span>
          <span className="end">
            <Keys shortcut="Escape" />
          </span>
        </button>
      </div>
      <nav className="side-scroll" aria-label={t('settings.heading')}>
        <h2 className="side-label">{t('settings.heading')}</h2>
        {SECTIONS.map((one) => (
          <button
            key={one.section}
            type="button"
            className="nav-item"
            aria-current={one.section === section ? 'page' : undefined}
            onClick={() => openSettings(one.section)}
          >
            <Icon icon={one.icon} />
            {t(`settings.section.${one.section}`)}
          </button>
        ))}
      </nav>
    </>
  );
}

/** The sections of this feature; models, engine and memory have features of their own. */
export type OwnSection = Exclude<SettingsSection, 'models' | 'engine' | 'memory'>;

/** One section. Give it the section as its key: each that opens takes the focus. */
export function SettingsView({ section, app }: { section: OwnSection; app: AppStatus | null }) {
  const { t } = useTranslation('app');
  const settings = useSettings((state) => state.settings);
  const status = useSettings((state) => state.backends);
  const heading = useRef<HTMLHeadingElement>(null);

  // The page that opens takes the focus, so that keys and screen readers start there.
  useEffect(() => heading.current?.focus(), []);

  return (
    <>
      <TopBar />
      <div className="page" data-region="settings">
        <div className="page-head">
          <div className="grow">
            <h1 ref={heading} tabIndex={-1}>
              {t(`settings.section.${section}`)}
            </h1>
            <p>{t(`settings.${section}.about`)}</p>
          </div>
          {section === 'backends' ? <CheckButton isChecking={status?.isChecking ?? false} /> : null}
        </div>
        {settings === null ? <Skeleton label={t('settings.loading')} /> : null}
        {settings && section === 'general' ? <GeneralSection settings={settings} app={app} /> : null}
        {settings && section === 'backends' ? <BackendsSection settings={settings} status={status} /> : null}
        {settings && section === 'advanced' ? <AdvancedSection settings={settings} app={app} /> : null}
      </div>
    </>
  );
}

function CheckButton({ isChecking }: { isChecking: boolean }) {
  const { t } = useTranslation('app');
  return (
    <Button
      icon={RefreshCw}
      isBusy={isChecking}
      onClick={() => {
        checkBackends().catch((error: unknown) => showToast({ text: asErrorInfo(error).message, icon: CircleAlert }));
      }}
    >
      {t(isChecking ? 'settings.backends.checking' : 'settings.backends.check')}
    </Button>
  );
}
