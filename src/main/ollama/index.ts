export { addressReader, OLLAMA_DEFAULT_HOST, ollamaAddress, parseAddress, type ServerAddress } from './address.ts';
export { createActivityBoard } from './activity.ts';
export { createEngine } from './engine.ts';
export { modelOptions } from './engine-options.ts';
export { createOllamaClient, type ListedModel, type LoadedModel, type OllamaClient } from './api/client.ts';
export { failureInStream, notARecord, OLLAMA_LABEL, requireOllama } from './api/failures.ts';
export { createLineSplitter } from './api/lines.ts';
export type { ActivityBoard, Engine } from './engine-interface.ts';
export { createInstaller, type InstallerOptions, type RunningOllama } from './install/installer.ts';
export type { Installer } from './install/interface.ts';
export {
  type CreateRequest,
  createOllamaManager,
  type OllamaManager,
  type ShownModel,
} from './api/manage.ts';
export { fullName, isSameModel } from './api/names.ts';
export { pullModel, type PullRecord } from './api/pull.ts';
export { createPlaces, type Place, type PlaceOptions, type Places } from './place.ts';
export type { OllamaServer, OllamaServerState } from './server/interface.ts';
export { createOllamaServer, type OllamaServerOptions } from './server/server.ts';
