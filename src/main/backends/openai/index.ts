export { createOpenAiBackend } from './openai.ts';
