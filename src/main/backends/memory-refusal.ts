// An engine's refusal for want of memory: the words for it that are in use, and the error it is.
import { HearthError } from '../errors/index.ts';

/**
 * Ollama, llama.cpp and its runners, CUDA, Metal, PyTorch (vLLM, MLX), LM Studio, Windows, in about this order. A runner that was
 * killed says nothing of memory, so it is told as what it said.
 */
const WORDS =
  /requires? more (?:system |gpu )?memory|out of (?:device |host )?memory|insufficient (?:system )?(?:memory|resources)|not enough (?:system |gpu )?memory|(?:unable|failed) to allocate|cannot (?:be )?allocate|cudaMalloc failed|paging file is too small/i;

/** About the answer's length in an API's words (`out of memory` for a chat), not about this. */
const CODES = new Set(['backend_failed', 'request_refused', 'engine_crashed']);

/**
 * The same failure as `memory_short` where the engine said that, else as it was.
 * @param asked the model that was asked for, and who was asked
 */
export function asMemoryShort(error: unknown, asked: { backend: string; model: string | null }): unknown {
  if (!(error instanceof HearthError) || !CODES.has(error.code)) return error;
  const said = [error.params.reason, error.detail].filter((words) => typeof words === 'string');
  if (!said.some((words) => WORDS.test(words))) return error;
  const reason = String(error.params.reason ?? error.params.how ?? '');
  return new HearthError(
    'memory_short',
    { backend: asked.backend, model: asked.model ?? '', reason, context: 'said' },
    { cause: error, ...(error.detail === undefined ? {} : { detail: error.detail }) },
  );
}
