export { createOpenAiBackend, type OpenAiAddress, type OpenAiOptions } from './openai.ts';
