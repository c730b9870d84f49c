// The words that servers have for what is longer than their context, and whose limit each sentence names.
import { expect, test } from 'vitest';
import { readContextRefusal, refusedElsewhere, tooSmallHere } from '../../../src/main/backends/context-refusal.ts';

test.each<[string, string, string, number | null, number | null]>([
  ['Ollama', 'the input length exceeds the context length', '', null, null],
  [
    'llama-server',
    '{"error":{"code":400,"message":"the request exceeds the available context size","n_prompt_tokens":6000,"n_ctx":4096}}',
    'exceed_context_size_error',
    4_096,
    6_000,
  ],
  ['llama-server, newer', 'request (6000 tokens) exceeds the available context size (4096 tokens)', '', 4_096, 6_000],
  [
    'vLLM',
    "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4500 in the messages).",
    '',
    4_096,
    5_000,
  ],
  [
    'vLLM, another one',
    'The decoder prompt (length 5000) is longer than the maximum model length of 4096.',
    '',
    4_096,
    5_000,
  ],
  [
    'OpenAI',
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    'context_length_exceeded',
    8_192,
    9_000,
  ],
  [
    'LM Studio',
    'Trying to keep the first 5000 tokens when context overflows. However, the model is loaded with context length of only 4096 tokens',
    '',
    4_096,
    5_000,
  ],
  ['a server with only the code', 'Please reduce the length.', 'context_length_exceeded', null, null],
  [
    'Mistral',
    'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    '',
    32_768,
    40_000,
  ],
  ['Anthropic', 'prompt is too long: 210000 tokens > 200000 maximum', '', 200_000, 210_000],
])('%s', (_server, said, marks, setTokens, neededTokens) => {
  expect(readContextRefusal(said, marks)).toEqual({ setTokens, neededTokens });
});

test.each([
  "'max_tokens' is too large: 5000. This model's maximum context length is 4096 tokens and your request has 10 input tokens",
  'You exceeded your current quota',
  'Request too large for model: 12000 tokens per minute',
  'messages must alternate',
])('is not: %s', (said) => expect(readContextRefusal(said)).toBeNull());

const told = { backend: 'LM Studio', model: 'tiny', reason: 'too long' };

test.each([
  [{ setTokens: 4_096, neededTokens: 5_000 }, 'lets tiny hold 4096 tokens, and this needs 5000'],
  // Numbers that contradict the refusal are not told.
  [{ setTokens: 4_096, neededTokens: 40 }, 'longer than LM Studio lets tiny hold: too long.'],
  [{ setTokens: null, neededTokens: null }, 'longer than LM Studio lets tiny hold: too long.'],
])('a server says it of itself: %j', (refusal, words) => {
  expect(refusedElsewhere(refusal, told, 'HTTP 400').message).toContain(words);
});

test.each([
  [4_096, 8_192, null, 'The model can hold 8192'],
  [4_096, 8_192, 4_096, 'The model can hold 8192'],
  [4_096, 8_192, 8_192, 'because memory is short'],
  [8_192, 8_192, 32_768, 'what it was made for'],
  [4_096, null, null, 'is not known'],
])('%i tokens set of %i, %i asked for', (setTokens, canTokens, askedTokens, words) => {
  const error = tooSmallHere({ model: 'tiny', setTokens, canTokens, askedTokens, neededTokens: 9_000 });
  expect(error.message).toContain(words);
});
