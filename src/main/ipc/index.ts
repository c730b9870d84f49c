export type { DesktopActions } from './implementer.ts';
export { type LocalSocket, RPC_PREFIX, serveLocalSocket } from './local-socket.ts';
export { createRouter } from './router.ts';
export { serveWindows } from './windows.ts';
