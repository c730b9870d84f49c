// Which page the main pane shows. In lib, because features lead to each other without knowing each other.
import { create } from 'zustand';

export type SettingsSection = 'general' | 'models' | 'engine' | 'backends' | 'memory' | 'advanced';
/** `onboarding` takes the whole window; `chat` and `settings` stand beside the sidebar. */
export type Place =
  | { page: 'chat' }
  /** `isAside`: opened in the middle of the onboarding, which the way back leads to. */
  | { page: 'settings'; section: SettingsSection; isAside?: true }
  | { page: 'onboarding' };

interface Navigation {
  place: Place;
}

export const useNavigation = create<Navigation>()(() => ({ place: { page: 'chat' } }));

export function openSettings(section: SettingsSection = 'general'): void {
  const { place } = useNavigation.getState();
  const isAside = place.page === 'onboarding' || (place.page === 'settings' && place.isAside === true);
  useNavigation.setState({ place: { page: 'settings', section, ...(isAside ? { isAside } : {}) } });
}

export function openOnboarding(): void {
  useNavigation.setState({ place: { page: 'onboarding' } });
}

/** Leaves the settings for what they were opened from. */
export function closeSettings(): void {
  const { place } = useNavigation.getState();
  if (place.page === 'settings' && place.isAside) openOnboarding();
  else openChats();
}

export function openChats(): void {
  useNavigation.setState({ place: { page: 'chat' } });
}
