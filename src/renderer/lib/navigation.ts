// Which page the main pane shows. In lib, because features lead to each other without knowing each other.
import { create } from 'zustand';
import type { BackendId } from '../../contract/ids.ts';

export type SettingsSection = 'general' | 'models' | 'engine' | 'backends' | 'memory' | 'advanced';
/** A backend whose page is to be open, and where in it. */
export interface BackendToEdit {
  id: BackendId;
  start: 'top' | 'key' | 'limits';
}
/** `onboarding` takes the whole window; all others stand beside the sidebar. */
export type Place =
  | { page: 'chat' }
  /** What was deleted. */
  | { page: 'bin' }
  /** `isAside`: opened in the middle of the onboarding, which the way back leads to. */
  | { page: 'settings'; section: SettingsSection; isAside?: true; edit?: BackendToEdit }
  | { page: 'onboarding' };

interface Navigation {
  place: Place;
}

export const useNavigation = create<Navigation>()(() => ({ place: { page: 'chat' } }));

/** @param options.edit what of the section Backends is open at once */
export function openSettings(section: SettingsSection = 'general', { edit }: { edit?: BackendToEdit } = {}): void {
  const { place } = useNavigation.getState();
  const isAside = place.page === 'onboarding' || (place.page === 'settings' && place.isAside === true);
  useNavigation.setState({
    place: { page: 'settings', section, ...(isAside ? { isAside } : {}), ...(edit ? { edit } : {}) },
  });
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

/** The page of what was deleted. */
export function openBin(): void {
  useNavigation.setState({ place: { page: 'bin' } });
}

export function openChats(): void {
  useNavigation.setState({ place: { page: 'chat' } });
}
