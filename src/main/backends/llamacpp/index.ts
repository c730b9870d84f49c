export { createLlamaEngine, type LlamaEngine } from './llamacpp.ts';
