// One short question to a model, and its whole reply.
import type { AnswerSource } from '../../contract/conversations.ts';
import type { BackendPlan, Backends, ChatMessage } from '../backends/index.ts';
import { HearthError } from '../errors/index.ts';

/** A server that does not know `maxTokens` is ended here. */
const REPLY_MAX_CHARS = 20_000;

export interface Errand {
  messages: ChatMessage[];
  maxTokens: number;
  /** JSON schema of the reply, for backends that can hold a model to it. */
  format?: Record<string, unknown>;
}

export interface Reply {
  text: string;
  source: AnswerSource;
}

/**
 * Asks the backends of a plan as far as they may be asked. Rejects with its error, with `cancelled` when `mayAsk` says no, or with the reason
 * of the signal.
 *
 * @param mayAsk told who is about to be asked, before anything is sent
 */
export async function ask(
  backends: Pick<Backends, 'run'>,
  { plan, errand, mayAsk }: { plan: BackendPlan; errand: Errand; mayAsk: (source: AnswerSource) => boolean },
  signal: AbortSignal,
): Promise<Reply> {
  const [first] = plan.candidates;
  const { messages, maxTokens, format } = errand;
  const request = {
    messages,
    options: { temperature: 0, maxTokens },
    think: false,
    ...(format && first?.abilities.includes('format') ? { format } : {}),
  };
  let source: AnswerSource | null = null;
  let reply = '';
  for await (const event of backends.run(plan, request, signal)) {
    if (event.type === 'source') {
      source = event.source;
      if (!mayAsk(source)) throw new HearthError('cancelled', {}, { detail: 'that backend may not read this chat' });
    }
    if (event.type === 'text') reply += event.text;
    // Asked not to think, a model is not taken to do so: only what was said can turn out to be a thought.
    if (event.type === 'relabel') reply = '';
    if (reply.length > REPLY_MAX_CHARS) throw new HearthError('cancelled', {}, { detail: 'the reply is too long' });
    if (event.type === 'done' && source !== null) return { text: reply, source };
  }
  signal.throwIfAborted();
  throw new HearthError('stream_cut', { backend: source?.label ?? first?.label ?? '' });
}
