// The system's secret store: Keychain, DPAPI, libsecret or KWallet, by way of Electron.
import { app, safeStorage } from 'electron';
import type { Cipher } from '../settings/index.ts';

/**
 * Usable once Electron is ready. Where Linux has no such store Electron would encipher with a password that everybody
 * knows; that counts as none. Whether the store is open shows only when it is asked, which may ask the user: never before a
 * key is kept or needed.
 */
export function systemCipher(): Cipher {
  return {
    isAvailable: () => app.isReady() && hasStore(),
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (bytes) => safeStorage.decryptString(bytes),
  };
}

function hasStore(): boolean {
  if (process.platform !== 'linux') return true;
  const store = safeStorage.getSelectedStorageBackend();
  return store !== 'basic_text' && store !== 'unknown';
}
