// The door of the settings: the page, its sections for the sidebar, the engine's line, and the preferences themselves.
export { EngineFoot } from './engine-foot.tsx';
export { SettingsNav, SettingsView } from './settings-view.tsx';
export { followSettings, saveSettings, useSettings } from './store.ts';
