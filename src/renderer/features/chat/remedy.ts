// What can be done in Hearth about an answer that did not come, by its error.
import type { BackendKind } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { isThisComputer } from '../../lib/index.ts';

/** `fetch` a model by name, look for one, set up an engine, start a stopped one, or see why it does not run. */
export type Remedy =
  | { type: 'fetch'; model: string }
  | { type: 'getModel' }
  | { type: 'setUp' }
  | { type: 'start' }
  | { type: 'seeEngine' };

export interface Place {
  /** Which engine failed; null where nobody was asked. */
  kind: BackendKind | null;
  /** Where it stands; null for this computer. */
  host: string | null;
}

/** Null where asking again, or another model, is all there is. */
export function remedyFor(error: ErrorInfo, { kind, host }: Place): Remedy | null {
  switch (error.code) {
    case 'model_not_found': {
      const { model } = error.params;
      // Another computer's models are its own business.
      const isOurs = kind !== 'llamacpp' && isThisComputer(host);
      return isOurs && typeof model === 'string' && model !== '' ? { type: 'fetch', model } : null;
    }
    case 'no_model_installed':
    case 'no_model_file':
      return { type: 'getModel' };
    case 'ollama_not_installed':
    case 'no_backend':
      return { type: 'setUp' };
    case 'ollama_held':
      return { type: 'start' };
    case 'ollama_start_failed':
    case 'ollama_gave_up':
      return { type: 'seeEngine' };
    default:
      return null;
  }
}

/** Why the demo answered, as its first reason tells: without an Ollama that answers, an engine is what is missing. */
export function remedyForDemo(skipped: { kind: BackendKind; reason: ErrorInfo }[], host: string | null): Remedy | null {
  const [first] = skipped;
  if (!first) return null;
  if (first.reason.code === 'backend_unreachable') return { type: 'setUp' };
  return remedyFor(first.reason, { kind: first.kind, host });
}
