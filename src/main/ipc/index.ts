export { type LocalSocket, RPC_PREFIX, serveLocalSocket } from './local-socket.ts';
export { type CallContext, createRouter, type DesktopActions, type Router } from './router.ts';
export { serveWindows } from './windows.ts';
