// What is sent to /api/chat.
import type { ChatRequest as OllamaChatRequest, Message, Tool } from 'ollama';
import type { modelOptions } from '../../ollama/index.ts';
import type { ChatMessage, ChatOptions, ChatRequest, ToolDefinition } from '../interface.ts';

/** Ollama's own name of each option. */
const OPTION_NAMES = {
  maxTokens: 'num_predict',
  seed: 'seed',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  repeatPenalty: 'repeat_penalty',
  stop: 'stop',
  contextTokens: 'num_ctx',
} as const satisfies Record<keyof ChatOptions, string>;

/**
 * Absent options stay absent: the model's own defaults count.
 * @param ofThisComputer how the model is loaded; the same in every request, or Ollama loads it anew; its
 *   context has what the user set already in it
 */
export function chatBody(
  model: string,
  request: Omit<ChatRequest, 'model'>,
  ofThisComputer: ReturnType<typeof modelOptions>,
): OllamaChatRequest & { shift: boolean } {
  const { messages, format, think, tools = [], keepAliveMinutes, delivery = 'stream' } = request;
  const options = { ...named(request.options ?? {}), ...ofThisComputer };
  return {
    model,
    messages: messages.map(toMessage),
    stream: delivery === 'stream',
    // A full context ends the answer, and says so; else Ollama would forget the start of the chat without a word and go on.
    shift: false,
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(format === undefined ? {} : { format }),
    ...(think === undefined ? {} : { think }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...(keepAliveMinutes === undefined ? {} : { keep_alive: toKeepAlive(keepAliveMinutes) }),
  };
}

function named(options: ChatOptions): Record<string, unknown> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [OPTION_NAMES[name as keyof ChatOptions], value]));
}

/** The client's type knows no ids of calls; newer servers do. */
type SentMessage = Message & { tool_call_id?: string };

function toMessage({ role, content, images, toolCalls, toolCallId, toolName }: ChatMessage): SentMessage {
  return {
    role,
    content,
    ...(images?.length ? { images: [...images] } : {}),
    ...(toolCalls?.length
      ? {
          tool_calls: toolCalls.map(({ id, name, arguments: values }) => ({
            ...(id === null ? {} : { id }),
            function: { name, arguments: values },
          })),
        }
      : {}),
    ...(toolName === undefined ? {} : { tool_name: toolName }),
    ...(toolCallId ? { tool_call_id: toolCallId } : {}),
  };
}

function toTool({ name, description, parameters }: ToolDefinition): Tool {
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    },
  };
}

/** A bare number means seconds; below zero it means for ever. */
function toKeepAlive(minutes: number): string | number {
  return minutes < 0 ? -1 : minutes === 0 ? 0 : `${minutes}m`;
}
