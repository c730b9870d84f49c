export { physicalCores, threadsFor } from './cores.ts';
export { createLlamaEngine, type LlamaEngine } from './llamacpp.ts';
