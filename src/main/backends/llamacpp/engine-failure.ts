// Runs in the engine process: names what went wrong, so that the parent can say a sentence about it.
import type { EngineFailure } from './protocol.ts';

/** A failure whose code and reason are known where it happens. */
export class KnownFailure extends Error {
  readonly failure: EngineFailure;

  constructor(code: EngineFailure['code'], reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'KnownFailure';
    this.failure = { code, reason, detail: cause === undefined ? reason : describe(cause) };
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
