export {
  dataFolder,
  modelsFolder,
  prepareDataFolder,
  prepareSocketFolder,
  SOCKET_PATH_MAX_BYTES,
  socketPath,
} from './home.ts';
export type { SettingsStore } from './interface.ts';
export { openSettings } from './store.ts';
