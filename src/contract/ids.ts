// Branded identifiers: UUIDv7, so that they sort by the time they were made.
import { z } from 'zod';

export const ConversationId = z.uuid().brand<'ConversationId'>();
export type ConversationId = z.infer<typeof ConversationId>;

export const MessageId = z.uuid().brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

export const LineId = z.uuid().brand<'LineId'>();
export type LineId = z.infer<typeof LineId>;

export const FactId = z.uuid().brand<'FactId'>();
export type FactId = z.infer<typeof FactId>;

/** `ollama`, `llamacpp`, `mlx` and `demo` are always there; those the user added have an id of their own. */
export const BackendId = z.string().regex(/^[a-z\d][a-z\d-]{0,63}$/);
export type BackendId = z.infer<typeof BackendId>;

/** Those of the built-in backends, whether they run here or not, and words that mean something else. */
const RESERVED_IDS: readonly string[] = ['ollama', 'llamacpp', 'mlx', 'demo', 'auto', 'local', 'unlisted'];
/** Backends that come from variables of the environment. */
const RESERVED_START = 'env-';

/** Whether a backend that the user adds may have no such id. */
export function isReservedId(id: string): boolean {
  return RESERVED_IDS.includes(id) || id.startsWith(RESERVED_START);
}
