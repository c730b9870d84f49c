// The options of a request: what it asks for itself, then what the user changed of the family, then the family's own.
import type { FamilyChange, FamilyId } from '../../../contract/backends.ts';
import type { BackendKind } from '../../../contract/conversations.ts';
import type { ChatOptions } from '../interface.ts';
import { familyOf, type KnownFamily } from './families.ts';

/**
 * Where Hearth runs the model itself nobody else knows its family's values. A model in Ollama carries those of its makers in
 * its Modelfile, and a server elsewhere is somebody's with values of their own: there only what the user changed is sent.
 */
export const RUN_HERE: ReadonlySet<BackendKind> = new Set<BackendKind>(['llamacpp', 'mlx']);

/** @param change what the user changed of the family */
export function optionsFor(
  own: ChatOptions,
  { family, change, kind }: { family: KnownFamily; change: FamilyChange; kind: BackendKind },
): ChatOptions {
  const defaults = RUN_HERE.has(kind) ? family.defaults : {};
  return { ...asOptions({ ...defaults, ...change }), ...own };
}

/** The context that the user set for models of this kind, in tokens; null for none. */
export function wishedContext(
  changes: Readonly<Record<FamilyId, FamilyChange>>,
  model: string,
  architecture: string | null,
): number | null {
  return changes[familyOf(model, architecture).id].contextTokens ?? null;
}

/** How long an answer may be, whoever has to see to it; null: as long as the engine writes. */
export function maxTokensFor(
  own: ChatOptions,
  { family, change }: { family: KnownFamily; change: FamilyChange },
): number | null {
  return own.maxTokens ?? { ...family.defaults, ...change }.maxTokens;
}

/** Null leaves it to the engine, and so does an empty list. */
function asOptions(values: FamilyChange): ChatOptions {
  const set = Object.entries(values).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined,
  );
  return Object.fromEntries(set);
}
