// The list of the settings' sections in the sidebar, in place of the chats.
import { ArrowLeft, BookMarked, Box, Cpu, Layers, SlidersHorizontal, Wrench } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SettingsSection } from '../../lib/index.ts';
import { openSettings, useNavigation } from '../../lib/index.ts';
import { Icon, Keys, Select } from '../../ui/index.ts';

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

/** The sections where the sidebar does not show: in the bar, with the one that is open. */
export function SettingsSectionSelect({ section }: { section: SettingsSection }) {
  const { t } = useTranslation('app');
  const options = SECTIONS.map((one) => ({ value: one.section, label: t(`settings.section.${one.section}`) }));
  return <Select label={t('settings.choose')} value={section} options={options} onChange={openSettings} />;
}
