// The settings page of the main pane. Every change counts at once.
import { CircleAlert, RefreshCw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppStatus } from '../../../contract/app.ts';
import type { SettingsSection } from '../../lib/index.ts';
import { asErrorInfo } from '../../lib/index.ts';
import { Button, showToast, Skeleton, TopBar } from '../../ui/index.ts';
import { AdvancedSection } from './advanced-section.tsx';
import { BackendsSection } from './backends-section.tsx';
import { GeneralSection } from './general-section.tsx';
import { checkBackends, useSettings } from './store.ts';
import { StreamFault } from './stream-fault.tsx';

/** The sections of this feature; models, engine and memory have features of their own. */
export type OwnSection = Exclude<SettingsSection, 'models' | 'engine' | 'memory'>;

/** One section. Give it the section as its key: each that opens takes the focus. */
export function SettingsView({ section, app }: { section: OwnSection; app: AppStatus | null }) {
  const { t } = useTranslation('app');
  const settings = useSettings((state) => state.settings);
  const status = useSettings((state) => state.backends);
  const problem = useSettings((state) => state.problem);
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
        {settings === null ? (
          problem ? (
            <StreamFault problem={problem} />
          ) : (
            <Skeleton label={t('settings.loading')} />
          )
        ) : null}
        {settings && section === 'general' ? <GeneralSection settings={settings} app={app} /> : null}
        {settings && section === 'backends' ? (
          <BackendsSection settings={settings} status={status} problem={problem} />
        ) : null}
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
