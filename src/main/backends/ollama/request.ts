// What is sent to /api/chat.
import type { ChatRequest as OllamaChatRequest } from 'ollama';
import type { modelOptions } from '../../ollama/index.ts';
import type { ChatRequest } from '../interface.ts';

/**
 * Absent options stay absent: the model's own defaults count.
 * @param ofThisComputer how the model is loaded; the same in every request, or Ollama loads it anew
 */
export function chatBody(
  model: string,
  { messages, options = {} }: ChatRequest,
  ofThisComputer: ReturnType<typeof modelOptions>,
): OllamaChatRequest {
  const { maxTokens, seed, temperature } = options;
  const given = {
    ...ofThisComputer,
    ...(maxTokens === undefined ? {} : { num_predict: maxTokens }),
    ...(seed === undefined ? {} : { seed }),
    ...(temperature === undefined ? {} : { temperature }),
  };
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    ...(Object.keys(given).length === 0 ? {} : { options: given }),
  };
}
