// Which feature draws which section of the settings.
import type { ReactNode } from 'react';
import type { AppStatus } from '../../contract/app.ts';
import type { ConversationId } from '../../contract/ids.ts';
import { EnginePage } from '../features/engine/index.ts';
import { MemoryPage } from '../features/facts/index.ts';
import { ModelsPage } from '../features/models/index.ts';
import { SettingsView } from '../features/settings/index.ts';
import type { SettingsSection } from '../lib/index.ts';

export interface SettingsPageProps {
  section: SettingsSection;
  app: AppStatus | null;
  onNewChat: () => void;
  onOpenChat: (id: ConversationId) => void;
}

export function SettingsPage({ section, app, onNewChat, onOpenChat }: SettingsPageProps): ReactNode {
  if (section === 'models') return <ModelsPage onNewChat={onNewChat} />;
  if (section === 'engine') return <EnginePage />;
  if (section === 'memory') return <MemoryPage onOpenChat={onOpenChat} />;
  return <SettingsView section={section} app={app} />;
}
