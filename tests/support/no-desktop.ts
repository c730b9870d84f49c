// What only a desktop can do, for routers that are tested without one.
import type { DesktopActions } from '../../src/main/ipc/index.ts';

export const noDesktop: DesktopActions = {
  openDataFolder: () => Promise.resolve(),
  showFile: () => Promise.resolve(),
  pickFile: () => Promise.resolve(null),
  pickFolder: () => Promise.resolve(null),
};
