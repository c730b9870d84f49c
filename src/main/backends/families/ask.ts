// Asks a backend as the family of its model wants it: with the family's options, within its limit of length, its special
// tokens taken out of the answer.
import type { FamilyChange, FamilyId } from '../../../contract/backends.ts';
import { cleaned } from '../cleaning/clean.ts';
import { continued } from '../continuation/continuation.ts';
import { ended } from '../ending/ending.ts';
import type { Backend, ChatEvent, ChatMessage, ChatRequest } from '../interface.ts';
import { beginsWithThought, familyOf } from './families.ts';
import { maxTokensFor, optionsFor, RUN_HERE } from './options.ts';

export interface FamilyAsking {
  /** What the user changed. */
  changes: Readonly<Record<FamilyId, FamilyChange>>;
  /** As the engine told it of the model; null when it did not. */
  architectureOf: (model: string) => string | null;
}

/** What is behind a plain service is not known: thoughts are told apart, and no token is taken for its template's. */
const SERVICE = { specialTokens: [], beginsThinking: false };

/** The events of the backend's answer, cleaned. The demo has no model, so nothing of its is changed. */
export function askAsItsFamily(
  backend: Backend,
  request: ChatRequest,
  { changes, architectureOf }: FamilyAsking,
  signal: AbortSignal,
): AsyncIterable<ChatEvent> {
  if (backend.kind === 'demo') return backend.chat(request, signal);
  if (backend.kind === 'query') return cleaned(backend.chat(request, signal), SERVICE);
  const model = backend.modelFor(request.model);
  const ask = (architecture: string | null) => {
    const family = familyOf(model, architecture);
    const own = request.options ?? {};
    const values = { family, change: changes[family.id], kind: backend.kind };
    const messages = withSystem(request.messages, RUN_HERE.has(backend.kind) ? family.system : null);
    const worded = { ...request, messages, options: optionsFor(own, values) };
    const maxTokens = maxTokensFor(own, values);
    const thinksFirst = request.think !== false && model !== null && beginsWithThought(model);
    const { specialTokens } = family;
    const askWith = (asked: ChatRequest) => {
      // The thought stands before what there is of the answer.
      const beginsThinking = thinksFirst && asked.goesOn === undefined;
      return cleaned(ended(backend.chat(asked, signal), { request, maxTokens }), { specialTokens, beginsThinking });
    };
    return worded.goesOn ? continued({ backend, request: worded, ask: askWith, signal }) : askWith(worded);
  };
  const told = backend.architecture?.(request.model);
  return told ? later(told.then(ask)) : ask(model === null ? null : architectureOf(model));
}

/** The messages, begun with a system message where there is none. */
function withSystem(messages: ChatMessage[], system: string | null): ChatMessage[] {
  const isThere = system === null || messages.some(({ role }) => role === 'system');
  return isThere ? messages : [{ role: 'system', content: system }, ...messages];
}

async function* later(events: Promise<AsyncIterable<ChatEvent>>): AsyncIterable<ChatEvent> {
  yield* await events;
}
