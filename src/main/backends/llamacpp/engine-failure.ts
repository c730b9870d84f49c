// Runs in the engine process: names what went wrong, so that the parent can say a sentence about it.
import type { ContextRoom, EngineFailure } from './protocol.ts';

/** A failure whose code and reason are known where it happens. */
export class KnownFailure extends Error {
  readonly failure: EngineFailure;

  constructor(code: EngineFailure['code'], reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'KnownFailure';
    this.failure = { code, reason, detail: cause === undefined ? reason : describe(cause) };
  }
}

/** What is asked does not fit, whatever is left out. */
export class TooLong extends KnownFailure {
  constructor(room: ContextRoom) {
    super('context_too_small', `${room.neededTokens} tokens, and there is room for ${room.setTokens}`);
    this.failure.room = room;
  }
}

export function toFailure(error: unknown): EngineFailure {
  if (error instanceof KnownFailure) return error.failure;
  const detail = describe(error);
  return { code: 'backend_failed', reason: detail, detail };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
