export {
  dataFolder,
  modelsFolder,
  prepareDataFolder,
  prepareSocketFolder,
  SOCKET_PATH_MAX_BYTES,
  socketPath,
} from './home.ts';
export type { Cipher, SecretStore, SettingsStore } from './interface.ts';
export { openSecrets } from './secrets.ts';
export { openSettings } from './store.ts';
