export { createOllamaBackend, type OllamaBackendOptions } from './ollama.ts';
