// Which feature draws which section of the settings.
import type { AppStatus } from '../../contract/app.ts';
import { EnginePage } from '../features/engine/index.ts';
import { ModelsPage } from '../features/models/index.ts';
import { SettingsView } from '../features/settings/index.ts';
import type { SettingsSection } from '../lib/index.ts';

export function SettingsPage({ section, app }: { section: SettingsSection; app: AppStatus | null }) {
  switch (section) {
    case 'models':
      return <ModelsPage />;
    case 'engine':
      return <EnginePage />;
    case 'general':
    case 'backends':
    case 'advanced':
      return <SettingsView section={section} app={app} />;
  }
}
