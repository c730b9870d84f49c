export { createBackends } from './backends.ts';
export { readEnvironment, settingsInForce } from './environment/environment.ts';
export { type BackendListLife, createBackendList } from './list/list.ts';
export type { BackendPlan, Backends, ChatMessage, RunEvent } from './interface.ts';
export { families } from './families/families.ts';
export { limitsOf } from './choice/limits.ts';
export { createLlamaEngine, physicalCores } from './llamacpp/index.ts';
export { createMlxEngine } from './mlx/index.ts';
export { absoluteBackendUrl, absoluteModel } from './url/url.ts';
