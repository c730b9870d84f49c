// The one error class that carries a code to the border, where it becomes an ErrorInfo.
import type { ErrorCode, ErrorInfo, ErrorParams } from '../../contract/errors.ts';
import { sentenceFor } from './sentences.ts';

export class HearthError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  /** Technical text for the log, never shown as the main sentence. */
  readonly detail: string | undefined;

  /**
   * @param params values that the code's sentence mentions
   * @param options.cause the error this one explains; its message becomes the detail unless `detail` is given
   */
  constructor(code: ErrorCode, params: ErrorParams = {}, options: { cause?: unknown; detail?: string } = {}) {
    super(sentenceFor(code, params), { cause: options.cause });
    this.name = 'HearthError';
    this.code = code;
    this.params = params;
    this.detail = options.detail ?? (options.cause instanceof Error ? options.cause.message : undefined);
  }

  toInfo(): ErrorInfo {
    return {
      code: this.code,
      message: this.message,
      params: this.params,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
    };
  }
}

/** Any thrown value as an ErrorInfo: ours as they are, an abort as `cancelled`, everything else as `internal`. */
export function toErrorInfo(error: unknown): ErrorInfo {
  if (error instanceof HearthError) return error.toInfo();
  if (error instanceof Error && error.name === 'AbortError') return new HearthError('cancelled').toInfo();
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new HearthError('internal', {}, { cause: error, detail }).toInfo();
}

/** An error from its parts as stored: the sentence is made anew, in today's language and wording. */
export function errorInfo(code: ErrorCode, params: ErrorParams = {}, detail?: string): ErrorInfo {
  return new HearthError(code, params, detail === undefined ? {} : { detail }).toInfo();
}
