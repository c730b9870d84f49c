export type { OllamaServer, OllamaServerState } from './interface.ts';
export { createOllamaServer, type OllamaServerOptions } from './server.ts';
