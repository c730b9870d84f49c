export { createLlamaEngine, type LlamaEngine, type LlamaEngineOptions } from './llamacpp.ts';
