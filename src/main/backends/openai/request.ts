// What is sent to /chat/completions.
import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsBase,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions/completions';
import type { ChatMessage, ChatRequest, ToolDefinition } from '../interface.ts';
import { withSystemInQuestion } from '../system-role.ts';
import { type Dialect, samplingBeyond } from './dialect.ts';

type Body = ChatCompletionCreateParamsBase & Record<string, unknown>;

/** Absent options stay absent: the server's own defaults count. Nothing that the server is not known to take is sent. */
export function chatBody(model: string, request: ChatRequest, dialect: Readonly<Dialect>): Body {
  const { options = {}, format, tools = [], delivery } = request;
  const { maxTokens, temperature, topP, seed, stop = [] } = options;
  const isFolded = dialect.withoutSystem.includes(model);
  return {
    model,
    messages: messageParams(isFolded ? withSystemInQuestion(request.messages) : request.messages),
    ...(delivery === 'whole' ? {} : { stream: true }),
    ...(delivery === 'whole' || dialect.streamOptions === 'refused' ? {} : { stream_options: { include_usage: true } }),
    ...(maxTokens === undefined ? {} : { [dialect.lengthField]: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop.length === 0 ? {} : { stop: [...stop] }),
    ...samplingBeyond(dialect.flavour, options),
    // A thought has no place behind words of the answer, and llama-server refuses a model that would think there.
    ...thinking(request.goesOn ? false : request.think, dialect),
    ...(request.goesOn && dialect.flavour === 'vllm'
      ? { continue_final_message: true, add_generation_prompt: false }
      : {}),
    ...(format === undefined ? {} : { response_format: responseFormat(format) }),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolParam) }),
  };
}

/** How much is a word of the standard; whether at all is said through the template, and only by servers that have it open. */
function thinking(think: ChatRequest['think'], { flavour }: Readonly<Dialect>): Partial<Body> {
  if (think === undefined) return {};
  if (typeof think === 'string') return { reasoning_effort: think };
  return flavour === null ? {} : { chat_template_kwargs: { enable_thinking: think } };
}

function responseFormat(format: NonNullable<ChatRequest['format']>): ChatCompletionCreateParamsBase['response_format'] {
  if (format === 'json') return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { name: 'answer', schema: format, strict: true } };
}

function toolParam({ name, description, parameters }: ToolDefinition): ChatCompletionTool {
  const described = description === undefined ? {} : { description };
  return { type: 'function', function: { name, ...described, ...(parameters === undefined ? {} : { parameters }) } };
}

function messageParams(messages: readonly ChatMessage[]): ChatCompletionMessageParam[] {
  /** Of calls that no result has answered yet. */
  let open: { id: string; name: string }[] = [];
  return messages.map((message, index) => {
    const { role, content, images = [] } = message;
    switch (role) {
      case 'system':
        return { role, content };
      case 'user':
        return { role, content: images.length === 0 ? content : withImages(content, images) };
      case 'assistant': {
        const calls = message.toolCalls ?? [];
        if (calls.length === 0) return { role, content };
        // An id is required here: where an engine gave none, call and result get the same one.
        const named = calls.map((call, at) => ({ ...call, id: call.id ?? `call_${index}_${at}` }));
        open = named;
        return {
          role,
          content: content === '' ? null : content,
          tool_calls: named.map(({ id, name, arguments: given }) => ({
            id,
            type: 'function' as const,
            function: { name, arguments: JSON.stringify(given) },
          })),
        };
      }
      case 'tool': {
        const isOf = ({ id, name }: { id: string; name: string }) =>
          message.toolCallId === undefined || message.toolCallId === null
            ? message.toolName === undefined || name === message.toolName
            : id === message.toolCallId;
        const at = open.findIndex(isOf);
        const [answered] = at < 0 ? [] : open.splice(at, 1);
        return { role, content, tool_call_id: message.toolCallId ?? answered?.id ?? `call_${index}` };
      }
      default:
        return role satisfies never;
    }
  });
}

function withImages(content: string, images: readonly string[]): ChatCompletionContentPart[] {
  const shown = images.map((image) => ({
    type: 'image_url' as const,
    image_url: { url: `data:${imageType(image)};base64,${image}` },
  }));
  return content === '' ? shown : [{ type: 'text', text: content }, ...shown];
}

/** By the first bytes, as they look in base64. */
const IMAGE_TYPES = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
] as const;

function imageType(base64: string): string {
  return IMAGE_TYPES.find(([start]) => base64.startsWith(start))?.[1] ?? 'image/png';
}
