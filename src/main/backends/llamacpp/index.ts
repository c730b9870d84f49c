export { physicalCores } from './cores.ts';
export { createLlamaEngine, type LlamaEngine } from './llamacpp.ts';
