// A scripted Ollama with a context: it loads a model anew where `num_ctx` differs, counts a word as a token, and cuts what
// does not fit as the real one does: the oldest messages but the system's, then the beginning of the last.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ContextOllamaOptions {
  /** What a request without `num_ctx` gets. Default 4,096. */
  defaultContext?: number;
  /** What the model was made for. Default 32,768. */
  modelMaximum?: number;
  /** Whether `truncate: false` is refused where it does not fit, as from 0.12.4 on. Default true. */
  knowsTruncate?: boolean;
  /** Whether /api/ps tells the context. Default true. */
  tellsContext?: boolean;
  /** Whether the count leaves out what was read before, as before 0.4. Default false. */
  leavesOutCached?: boolean;
  /** Lines of /api/show: `num_ctx 16384`. */
  parameters?: string;
  /** The words of each answer. Default 20. */
  answerWords?: number;
}

export interface ContextOllama {
  url: string;
  /** The context of each load, in order. */
  loads: number[];
  /** Bodies of /api/chat with messages, in order. */
  chats: { options?: { num_ctx?: number }; truncate?: boolean; messages: Sent[] }[];
  /** How often each path was asked for. */
  count(path: string): number;
  /** As when another program asks, or nobody for a while (null). */
  loadAs(context: number | null): void;
  close(): Promise<void>;
}

interface Sent {
  role: string;
  content: string;
}

const TOO_LONG = 'the input length exceeds the context length';
const TEMPLATE_TOKENS = 4;
const tokensOf = (messages: readonly Sent[]) =>
  messages.reduce((sum, { content }) => sum + (content.match(/\S+/g)?.length ?? 0) + TEMPLATE_TOKENS, TEMPLATE_TOKENS);

/** What is left of the messages, and how many tokens of them are read. */
function cut(messages: Sent[], context: number): { kept: Sent[]; tokens: number } {
  for (let first = 0; first < messages.length; first += 1) {
    const system = messages.slice(0, first).filter(({ role }) => role === 'system');
    const kept = [...system, ...messages.slice(first)];
    if (tokensOf(kept) <= context || first === messages.length - 1)
      return { kept, tokens: Math.min(tokensOf(kept), context) };
  }
  return { kept: messages, tokens: tokensOf(messages) };
}

export async function startContextOllama(options: ContextOllamaOptions = {}): Promise<ContextOllama> {
  const { defaultContext = 4_096, modelMaximum = 32_768, knowsTruncate = true, tellsContext = true } = options;
  const loads: number[] = [];
  const chats: ContextOllama['chats'] = [];
  const paths: string[] = [];
  let loaded: number | null = null;
  let read = 0;
  const model = { name: 'words:latest', model: 'words:latest', size: 400_000_000, digest: 'd1', details: {} };
  const replies: Record<string, () => unknown> = {
    '/api/version': () => ({ version: '0.24.0' }),
    '/api/tags': () => ({ models: [model] }),
    '/api/ps': () => ({
      models: loaded === null ? [] : [{ ...model, size_vram: 0, ...(tellsContext ? { context_length: loaded } : {}) }],
    }),
    '/api/show': () => ({
      parameters: options.parameters ?? '',
      details: { family: 'llama' },
      model_info: {
        'general.architecture': 'llama',
        'llama.context_length': modelMaximum,
        'llama.block_count': 12,
        'llama.attention.head_count': 8,
        'llama.embedding_length': 512,
      },
    }),
  };

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    paths.push(path);
    let raw = '';
    request.on('data', (piece: Buffer) => (raw += piece.toString()));
    request.on('end', () => {
      const say = (value: unknown, status = 200) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(value));
      };
      if (path !== '/api/chat') return say(replies[path]?.() ?? {});
      const body = JSON.parse(raw) as ContextOllama['chats'][number];
      const context = Math.min(body.options?.num_ctx ?? defaultContext, modelMaximum);
      if (loaded !== context) {
        loads.push((loaded = context));
        read = 0;
      }
      if (body.messages.length === 0) return say({ done: true, done_reason: 'load', message: { content: '' } });
      chats.push(body);
      const { tokens } = cut(body.messages, context);
      if (knowsTruncate && body.truncate === false && tokensOf(body.messages) > context)
        return say({ error: TOO_LONG }, 400);
      const counted = options.leavesOutCached === true ? Math.max(1, tokens - read) : tokens;
      const words = Array.from({ length: options.answerWords ?? 20 }, () => 'word').join(' ');
      read = tokens;
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(`${JSON.stringify({ message: { role: 'assistant', content: words }, done: false })}\n`);
      const counts = { prompt_eval_count: counted, eval_count: options.answerWords ?? 20 };
      response.end(`${JSON.stringify({ message: { content: '' }, done: true, done_reason: 'stop', ...counts })}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loads,
    chats,
    count: (path) => paths.filter((one) => one === path).length,
    loadAs: (context) => (loaded = context),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
