// Which feature draws which section of the settings.
import type { ReactNode } from 'react';
import type { AppStatus } from '../../contract/app.ts';
import { EnginePage } from '../features/engine/index.ts';
import { ModelsPage } from '../features/models/index.ts';
import { SettingsView } from '../features/settings/index.ts';
import type { SettingsSection } from '../lib/index.ts';

export interface SettingsPageProps {
  section: SettingsSection;
  app: AppStatus | null;
  onNewChat: () => void;
}

export function SettingsPage({ section, app, onNewChat }: SettingsPageProps): ReactNode {
  if (section === 'models') return <ModelsPage onNewChat={onNewChat} />;
  if (section === 'engine') return <EnginePage />;
  return <SettingsView section={section} app={app} />;
}
