// What can be done in Hearth about an answer that did not come, by its error.
import type { BackendKind } from '../../../contract/conversations.ts';
import type { ErrorCode, ErrorInfo } from '../../../contract/errors.ts';
import type { ContextRoomInput } from '../../../contract/models.ts';
import { isThisComputer } from '../../lib/index.ts';
import { engineHere } from './more-context.tsx';

/** `fetch` a model by name, give it more context, look for one, set up an engine, start a stopped one, see why it does not run, or see them all. */
export type Remedy =
  | { type: 'fetch'; model: string }
  | { type: 'moreContext'; question: ContextRoomInput }
  | { type: 'getModel' }
  | { type: 'setUp' }
  | { type: 'start' }
  | { type: 'seeEngine' }
  | { type: 'backends' };

export interface Place {
  /** Which engine failed; null where nobody was asked. */
  kind: BackendKind | null;
  /** Where it stands; null for this computer. */
  host: string | null;
}

/** What is the same wherever it happened. */
const REMEDIES: Partial<Record<ErrorCode, Remedy>> = {
  no_model_installed: { type: 'getModel' },
  no_model_file: { type: 'getModel' },
  ollama_not_installed: { type: 'setUp' },
  no_backend: { type: 'setUp' },
  ollama_held: { type: 'start' },
  ollama_start_failed: { type: 'seeEngine' },
  ollama_gave_up: { type: 'seeEngine' },
  backend_off: { type: 'backends' },
  backend_removed: { type: 'backends' },
  backend_key_needed: { type: 'backends' },
  backend_key_refused: { type: 'backends' },
  backend_quota: { type: 'backends' },
  backend_model_not_loaded: { type: 'backends' },
  backend_redirects: { type: 'backends' },
  backend_login: { type: 'backends' },
  secret_unreadable: { type: 'backends' },
  mlx_unavailable: { type: 'backends' },
};

/** Null where asking again, or another model, is all there is. */
export function remedyFor({ code, params }: ErrorInfo, { kind, host }: Place): Remedy | null {
  // Without a reason, all there is was switched off.
  if (code === 'no_backend' && !params.reasons) return { type: 'backends' };
  if (code === 'context_too_small') return moreContext(params, { kind, host });
  if (code !== 'model_not_found') return REMEDIES[code] ?? null;
  const { model } = params;
  // Another computer's models are its own business.
  const isOurs = kind !== 'llamacpp' && isThisComputer(host);
  return isOurs && typeof model === 'string' && model !== '' ? { type: 'fetch', model } : null;
}

/** Where Hearth sets the limit: elsewhere the server's owner does. */
function moreContext({ model, set, needed, context }: ErrorInfo['params'], place: Place): Remedy | null {
  const engine = engineHere(place);
  const isOurs = context !== 'elsewhere' && context !== 'said' && engine !== null;
  if (!isOurs || typeof model !== 'string' || typeof set !== 'number' || typeof needed !== 'number') return null;
  return { type: 'moreContext', question: { name: model, engine, setTokens: set, neededTokens: needed } };
}

/** Why the demo answered, as its first reason tells: without an Ollama that answers, an engine is what is missing. */
export function remedyForDemo(skipped: { kind: BackendKind; reason: ErrorInfo }[], host: string | null): Remedy | null {
  const [first] = skipped;
  if (!first) return null;
  if (first.reason.code === 'backend_unreachable') return { type: 'setUp' };
  return remedyFor(first.reason, { kind: first.kind, host });
}
