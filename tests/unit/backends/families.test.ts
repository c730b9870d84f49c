// Which family a model is of, and which options a request gets from it.
import { describe, expect, it } from 'vitest';
import { FamilyId } from '../../../src/contract/backends.ts';
import { askAsItsFamily } from '../../../src/main/backends/families/ask.ts';
import type { Backend, ChatMessage } from '../../../src/main/backends/interface.ts';
import { families, familyById, familyOf } from '../../../src/main/backends/families/families.ts';
import { optionsFor } from '../../../src/main/backends/families/options.ts';
import { madeUp } from '../../support/made-up-backends.ts';
import { memorySettings } from '../../support/memory-settings.ts';

describe('the families', () => {
  it('are those of the contract, each once', () => {
    expect(families().map(({ id }) => id)).toEqual(FamilyId.options);
  });

  it('say where their values come from, all but the honest default', () => {
    for (const { id, sources } of families()) {
      if (id === 'other') expect(sources).toEqual([]);
      else expect(sources.every((source) => source.startsWith('https://')) && sources.length > 0).toBe(true);
    }
  });

  it('have the limits that were agreed', () => {
    expect(familyById('llama').defaults).toMatchObject({ repeatPenalty: 1.1 });
    // How much a model sees is a matter of the model and of memory, and of what the user sets.
    for (const { defaults } of families()) expect(defaults.contextTokens).toBeNull();
  });
});

describe('a chat without a system message', () => {
  const asked = async (kind: Backend['kind'], model: string, messages: ChatMessage[]) => {
    const backend = madeUp({ kind });
    const asking = { changes: memorySettings().get().families, architectureOf: () => 'llama' };
    const signal = new AbortController().signal;
    for await (const event of askAsItsFamily(backend, { model, messages }, asking, signal)) event satisfies object;
    return backend.asked[0]?.messages.map(({ role, content }) => [role, content]);
  };
  const hello = { role: 'user' as const, content: 'Hello' };
  const own = { role: 'system' as const, content: 'Be brief.' };

  it('gets one where the template’s own does harm, and Hearth runs the model', async () => {
    expect(await asked('llamacpp', 'smollm2-135m-instruct', [hello])).toEqual([
      ['system', ''],
      ['user', 'Hello'],
    ]);
  });

  it('is left as it is everywhere else', async () => {
    expect(await asked('llamacpp', 'llama3.2', [hello])).toEqual([['user', 'Hello']]);
    expect(await asked('ollama', 'smollm2', [hello])).toEqual([['user', 'Hello']]);
    expect(await asked('llamacpp', 'smollm2', [own, hello])).toEqual([
      ['system', 'Be brief.'],
      ['user', 'Hello'],
    ]);
  });
});

describe('a model', () => {
  it.each([
    ['llama3.2:3b', 'llama', 'llama'],
    ['anything', 'llama', 'llama'],
    ['anything', 'LLAMA', 'llama'],
    ['smollm2-135m-instruct', 'llama', 'smollm'],
    // The makers' architecture says llama, the name whose it is.
    ['mistral:7b-instruct', 'llama', 'mistral'],
    ['hf.co/bartowski/Ministral-8B-Instruct-2410-GGUF:Q4_K_M', 'llama', 'mistral'],
    ['deepseek-r1:8b', 'llama', 'deepseek'],
    ['DeepSeek-R1-Distill-Qwen-7B-Q4_K_M', 'qwen2', 'deepseek'],
    ['DeepSeek-R1-Distill-Llama-8B', 'llama', 'deepseek'],
    ['qwen3:4b', 'qwen3', 'qwen'],
    ['gemma3:4b', 'gemma3', 'gemma'],
    ['phi4-mini', 'phi3', 'phi'],
    // What the file says counts, whatever it is called.
    ['my-gemma-killer', 'qwen2', 'qwen'],
    // Nobody tells the architecture: the name has to do.
    ['mlx-community/Llama-3.2-3B-Instruct-4bit', null, 'llama'],
    ['Qwen/QwQ-32B', null, 'qwen'],
    ['mixtral-8x7b', null, 'mistral'],
    ['philosopher', null, 'other'],
    ['tinyllama', null, 'llama'],
    ['dolphin', null, 'other'],
    ['granite3.3:8b', 'granite', 'other'],
    ['codellama:7b', 'llama', 'llama'],
    [null, null, 'other'],
  ])('%s of the architecture %s is of %s', (model, architecture, id) => {
    expect(familyOf(model, architecture).id).toBe(id);
  });
});

describe('the options', () => {
  const family = familyById('qwen');

  it('are the request’s own, then the user’s, then the family’s', () => {
    const change = { temperature: 0.2, topK: null };
    expect(optionsFor({ temperature: 0 }, { family, change, kind: 'llamacpp' })).toEqual({
      maxTokens: 16_384,
      repeatPenalty: 1.05,
      temperature: 0,
      topP: 0.8,
      minP: 0,
    });
    expect(optionsFor({}, { family, change: { temperature: 0.2 }, kind: 'llamacpp' })).toMatchObject({
      temperature: 0.2,
    });
  });

  it('of a server that knows its models are only the user’s', () => {
    expect(optionsFor({ seed: 1 }, { family, change: {}, kind: 'ollama' })).toEqual({ seed: 1 });
    expect(optionsFor({}, { family, change: { stop: ['END'], repeatPenalty: 1.2 }, kind: 'openai' })).toEqual({
      stop: ['END'],
      repeatPenalty: 1.2,
    });
  });
});
