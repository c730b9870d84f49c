import { describe, expect, it } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { asMemoryShort } from '../../../src/main/backends/memory-refusal.ts';

const asked = { backend: 'Ollama', model: 'llama3.2:3b' };
const failed = (reason: string, detail?: string) =>
  new HearthError('backend_failed', { backend: 'Ollama', reason }, detail === undefined ? {} : { detail });

describe('a refusal for want of memory', () => {
  it.each([
    'model requires more system memory (12.0 GiB) than is available (5.6 GiB)',
    'llama runner process has terminated: cudaMalloc failed: out of memory',
    'llama runner process has terminated: error loading model: unable to allocate CUDA0 buffer',
    'error loading model: unable to allocate CPU buffer',
    'llama_init_from_model: failed to allocate compute pp buffers',
    'memory layout cannot be allocated with num_gpu = 33',
    'CUDA out of memory. Tried to allocate 2.00 GiB',
    'torch.OutOfMemoryError: HIP out of memory',
    '[METAL] Command buffer execution failed: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)',
    'Model loading was stopped due to insufficient system resources.',
    'std::bad_alloc: cannot allocate memory',
    'The paging file is too small for this operation to complete.',
  ])('%s', (reason) => {
    expect(asMemoryShort(failed(reason), asked)).toMatchObject({
      code: 'memory_short',
      params: { model: 'llama3.2:3b', backend: 'Ollama', reason },
      message: `Ollama found no room in memory for llama3.2:3b: ${reason}. Close other programs, or choose a smaller model.`,
    });
  });

  it('is found in the details of a failure that names something else', () => {
    const error = failed('the runner ended', 'ggml_backend_alloc: failed to allocate buffer');
    expect(asMemoryShort(error, asked)).toMatchObject({ code: 'memory_short', detail: error.detail });
  });

  it.each([
    'the model is not found',
    'llama runner process has terminated: signal: killed',
    'memory of the conversation is full of errors',
    'requires a newer version',
  ])('is not: %s', (reason) => {
    const error = failed(reason);
    expect(asMemoryShort(error, asked)).toBe(error);
  });

  it('is not what a server repeats of a question that it refuses', () => {
    const detail = 'HTTP 422 {"detail":[{"msg":"Field required","input":"why is the GPU out of memory?"}]}';
    const error = new HearthError('request_refused', { backend: 'Ollama', reason: 'Field required' }, { detail });
    expect(asMemoryShort(error, asked)).toBe(error);
  });

  it('leaves every other kind of failure as it is', () => {
    const unreachable = new HearthError('backend_unreachable', { backend: 'Ollama', host: 'out of memory' });
    expect(asMemoryShort(unreachable, asked)).toBe(unreachable);
    const thrown = new Error('out of memory');
    expect(asMemoryShort(thrown, asked)).toBe(thrown);
  });
});
