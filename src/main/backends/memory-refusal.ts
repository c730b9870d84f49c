// An engine's refusal for want of memory: the words for it that are in use, and the error it is.
import type { ErrorCode } from '../../contract/errors.ts';
import { HearthError } from '../errors/index.ts';

/**
 * Ollama, llama.cpp and its runners, CUDA, Metal, PyTorch (vLLM, MLX), LM Studio, Windows, in about this order. A runner that was
 * killed says nothing of memory, so it is told as what it said.
 */
const WORDS =
  /requires? more (?:system |gpu )?memory|out of (?:device |host )?memory|insufficient (?:system )?(?:memory|resources)|not enough (?:system |gpu )?memory|(?:unable|failed) to allocate|cannot (?:be )?allocate|cudaMalloc failed|paging file is too small/i;

/**
 * Failures that carry an engine's own words, and where those stand. Of a refused request only its reason counts: servers repeat
 * the question in the rest, and that may be about memory.
 */
const SAID: Partial<Record<ErrorCode, 'reason' | 'all'>> = {
  backend_failed: 'all',
  engine_crashed: 'all',
  request_refused: 'reason',
};

/**
 * The same failure as `memory_short` where the engine said that, else as it was.
 * @param asked the model that was asked for, and who was asked
 */
export function asMemoryShort(error: unknown, asked: { backend: string; model: string | null }): unknown {
  if (!(error instanceof HearthError)) return error;
  const where = SAID[error.code];
  if (where === undefined) return error;
  const said = [error.params.reason, where === 'all' ? error.detail : null].filter(
    (words) => typeof words === 'string',
  );
  if (!said.some((words) => WORDS.test(words))) return error;
  const reason = String(error.params.reason ?? error.params.how ?? '');
  return new HearthError(
    'memory_short',
    { backend: asked.backend, model: asked.model ?? '', reason, context: 'said' },
    { cause: error, ...(error.detail === undefined ? {} : { detail: error.detail }) },
  );
}
