// An answer that was cut or stopped goes on: in its own words where the engine can, else by asking for it.
import { HearthError } from '../../errors/index.ts';
import { text as words } from '../../words/index.ts';
import type { Backend, ChatEvent, ChatRequest } from '../interface.ts';
import { createJoint } from './joint.ts';

export interface ContinuationOptions {
  backend: Pick<Backend, 'goesOn'>;
  /** Its last message is the answer so far. */
  request: ChatRequest;
  /** Asks the backend, and makes its events those of an answer. */
  ask: (request: ChatRequest) => AsyncIterable<ChatEvent>;
  signal: AbortSignal;
}

/** The events of what follows, without what is there already. */
export async function* continued({ backend, request, ask, signal }: ContinuationOptions): AsyncIterable<ChatEvent> {
  if ((await backend.goesOn?.(request.model, signal)) === true) {
    let hasSpoken = false;
    try {
      for await (const event of ask(request)) {
        hasSpoken ||= event.type !== 'loading' && event.type !== 'reading';
        yield event;
      }
      return;
    } catch (error) {
      // Some templates take no answer as the last message, whatever the server can.
      if (hasSpoken || !isRefusal(error)) throw error;
    }
  }
  yield* withoutRepetition(ask(asQuestion(request)), request.messages.at(-1)?.content ?? '');
}

/** The same conversation with a last message that asks to go on. */
function asQuestion({ goesOn: _goesOn, messages, ...others }: ChatRequest): ChatRequest {
  return { ...others, messages: [...messages, { role: 'user', content: words('prompts:goOn') }] };
}

async function* withoutRepetition(events: AsyncIterable<ChatEvent>, before: string): AsyncIterable<ChatEvent> {
  let joint = createJoint(before);
  const rest = (): ChatEvent[] => {
    const text = joint.end();
    return text === '' ? [] : [{ type: 'text', text }];
  };
  try {
    for await (const event of events) {
      if (event.type === 'text') {
        const text = joint.push(event.text);
        if (text !== '') yield { type: 'text', text };
        continue;
      }
      if (event.type === 'done' || event.type === 'relabel') yield* rest();
      // What came so far was a thought: the answer is still to begin.
      if (event.type === 'relabel' && event.as === 'thinking') joint = createJoint(before);
      yield event;
    }
  } catch (error) {
    // What was held back has come, and must not be lost with the connection.
    yield* rest();
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof HearthError && (error.code === 'request_refused' || error.code === 'backend_failed');
}
