// The door of the settings: the page, its sections for the sidebar, the preferences themselves, and how one of them is drawn.
export { DraftField } from './draft-field.tsx';
export { SettingRow } from './setting-row.tsx';
export { SettingsNav, SettingsView } from './settings-view.tsx';
export { followSettings, saveSettings, useSettings } from './store.ts';
export { useSave } from './use-save.ts';
