// What the user chose for a question: the chat's own choice, else the purpose's, else the settings'.
import type { ChatChoice } from '../../../contract/conversations.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { IfFails, Purpose, Settings } from '../../../contract/settings.ts';
import type { Backend } from '../interface.ts';

export interface Preference {
  /** Null: the first of the list that is ready. */
  backend: BackendId | null;
  model: string | null;
  /** Of the chat or the purpose, not of the general settings. */
  isOwn: boolean;
}

export function preferenceFor(settings: Settings, purpose: Purpose, choice: ChatChoice | undefined): Preference {
  const { backend, model } = settings;
  // Background work of a chat is the purpose's, whatever the chat asks.
  const own = purpose === 'chat' ? choice : settings.purposes[purpose];
  if (!own || (own.backend === null && own.model === null)) return { backend: idOf(backend), model, isOwn: false };
  // A model without a backend is one of the backend that would be asked anyway.
  return { backend: idOf(own.backend ?? backend), model: own.model, isOwn: true };
}

/** The model to ask a backend for; null leaves it to the backend. */
export function modelPreferred(
  { backend, model, isOwn }: Preference,
  { id, kind }: Backend,
  names: readonly string[],
): string | null {
  if (model === null || kind === 'demo') return null;
  // Without a backend it is a model of Ollama's, or of whoever is known to have it.
  if (backend === null) return id === 'ollama' || hasName(names, model) ? model : null;
  if (backend !== id) return null;
  // These have a setting of their own; the general one may still name the model of another engine.
  return isOwn || (kind !== 'llamacpp' && kind !== 'mlx') ? model : null;
}

/** Whether a model of this name is among them; Ollama lists `name:latest` for `name`. */
export function hasName(names: readonly string[], model: string): boolean {
  return names.includes(model) || names.includes(`${model}:latest`);
}

/** Work in the background is left out rather than done by a stand-in. */
export function isBackground(purpose: Purpose): boolean {
  return purpose === 'titles' || purpose === 'facts' || purpose === 'emotion';
}

export function ifFailsOf(settings: Settings, purpose: Purpose): IfFails {
  if (purpose === 'chat') return settings.ifFails;
  return purpose === 'quickAsk' || purpose === 'gateway' ? settings.purposes[purpose].ifFails : 'stop';
}

function idOf(backend: Settings['backend']): BackendId | null {
  return backend === 'auto' ? null : backend;
}
