// Which page the main pane shows. In lib, because features lead to each other without knowing each other.
import { create } from 'zustand';

export type SettingsSection = 'general' | 'models' | 'engine' | 'backends' | 'advanced';
/** `onboarding` takes the whole window; `chat` and `settings` stand beside the sidebar. */
export type Place = { page: 'chat' } | { page: 'settings'; section: SettingsSection } | { page: 'onboarding' };

interface Navigation {
  place: Place;
}

export const useNavigation = create<Navigation>()(() => ({ place: { page: 'chat' } }));

export function openSettings(section: SettingsSection = 'general'): void {
  useNavigation.setState({ place: { page: 'settings', section } });
}

export function openOnboarding(): void {
  useNavigation.setState({ place: { page: 'onboarding' } });
}

export function openChats(): void {
  useNavigation.setState({ place: { page: 'chat' } });
}
