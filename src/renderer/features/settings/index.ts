// The door of the settings: the page, its sections for the sidebar, the preferences themselves, and how one of them is drawn.
import { lazy } from 'react';

/** Read when it is first opened: the start does not carry it. */
export const SettingsView = lazy(async () => ({ default: (await import('./settings-view.tsx')).SettingsView }));

export { withLimits } from './limits.ts';
export { DraftField } from './draft-field.tsx';
export { SettingRow } from './setting-row.tsx';
export { SettingsNav, SettingsSectionSelect } from './settings-nav.tsx';
export { followSettings, saveSettings, useSettings } from './store.ts';
export { useSave } from './use-save.ts';
export { StreamFault } from './stream-fault.tsx';
