// The tokens that a conversation becomes, for each family of the catalogue: those of the model's own template, and no others.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getLlama, type Llama, type LlamaModel } from 'node-llama-cpp';
import * as library from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatWrapperFor } from '../../../src/main/backends/llamacpp/chat-wrapper.ts';
import { CHAT_FORMATS, type ChatFormat } from '../../support/chat-templates.ts';
import { llamaValues, makeGguf, u32, u64 } from '../../support/make-gguf.ts';

const CONTROL = 3;
const NORMAL = 1;

let llama: Llama;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-templates-'));
  llama = await getLlama({ build: 'never', gpu: false, progressLogs: false, logger: () => {} });
});
afterAll(async () => {
  await llama.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const QUESTION = { type: 'user', text: 'Who?' } as const;
const CHAT = [
  { type: 'system', text: 'Be brief.' },
  { type: 'user', text: ' Hi ' },
  { type: 'model', response: ['Hello'] },
  QUESTION,
] as const;

describe.each(CHAT_FORMATS)('$name', (format) => {
  let model: LlamaModel;
  beforeAll(async () => {
    model = await llama.loadModel({ modelPath: writeModel(format), vocabOnly: true });
  });
  afterAll(() => model.dispose());

  test.each([
    ['a question', [QUESTION], 'question'],
    ['a chat', [...CHAT], 'chat'],
  ] as const)('%s is the same tokens as in the template’s own words', async (_, history, expected) => {
    const wrapper = (await chatWrapperFor(library, model))({});
    const { contextText } = wrapper.generateContextState({
      chatHistory: [
        ...history.map((item) => ({ ...item })),
        { type: 'model', response: [''] },
      ] as library.ChatHistoryItem[],
    });
    const tokens = contextText.tokenize(model.tokenizer);
    expect(model.detokenize(tokens, true)).toBe(format.expected[expected]);
    expect(tokens).toEqual(model.tokenize(format.expected[expected], true));
  });

  test('the mark that ends a message is plain text inside of one', async () => {
    const wrapper = (await chatWrapperFor(library, model))({});
    const tokensOf = (text: string) =>
      wrapper.generateContextState({ chatHistory: [{ type: 'user', text }] }).contextText.tokenize(model.tokenizer);
    const controls = (text: string) => tokensOf(text).filter((token) => model.getTokenAttributes(token).control);
    expect(controls(`What is ${format.eos}?`)).toEqual(controls('What is it?'));
    expect(model.detokenize(tokensOf(`What is ${format.eos}?`), true)).toContain(`What is ${format.eos}?`);
  });

  test('an answer that is to go on is the end of the prompt', async () => {
    const wrapper = (await chatWrapperFor(library, model))({});
    const { contextText } = wrapper.generateContextState({
      chatHistory: [QUESTION, { type: 'model', response: ['I am'] }],
    });
    const text = model.detokenize(contextText.tokenize(model.tokenizer), true);
    const isInThought = format.expected.question.endsWith('<think>\n');
    expect(text).toBe(`${format.expected.question}${isInThought ? '</think>\n\n' : ''}I am`);
  });
});

test('a model that begins no thought by itself is kept from it by its template', async () => {
  const qwen = CHAT_FORMATS.find(({ name }) => name.startsWith('Qwen 3'))!;
  const model = await llama.loadModel({ modelPath: writeModel(qwen), vocabOnly: true });
  const wrapper = (await chatWrapperFor(library, model))({ think: false });
  const { contextText } = wrapper.generateContextState({ chatHistory: [QUESTION] });
  expect(model.detokenize(contextText.tokenize(model.tokenizer), true)).toBe(
    `${qwen.expected.question}<think>\n\n</think>\n\n`,
  );
  await model.dispose();
});

test('without a template the library’s guess gets no first token that the tokenizer would not write', async () => {
  const qwen = CHAT_FORMATS.find(({ name }) => name.startsWith('Qwen 2.5'))!;
  const model = await llama.loadModel({ modelPath: writeModel({ ...qwen, template: '' }), vocabOnly: true });
  const wrapper = (await chatWrapperFor(library, model))({});
  const tokens = wrapper.generateContextState({ chatHistory: [QUESTION] }).contextText.tokenize(model.tokenizer);
  expect(model.tokens.bos).not.toBeNull();
  expect(tokens).not.toContain(model.tokens.bos);
  await model.dispose();
});

/** A model of words only: every byte, and the family's special tokens. */
function writeModel({ name, template, bos, eos, special, addBos }: ChatFormat): string {
  const bytes = byteTokens();
  const specials = [...new Set([...(bos === null ? [] : [bos]), eos, ...special])];
  const tokens = [...bytes, 'he', ...specials];
  const types = [...bytes, 'he'].map(() => NORMAL).concat(specials.map(() => CONTROL));
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.gguf`);
  const values = llamaValues({
    'tokenizer.ggml.model': { type: 'text', value: 'gpt2' },
    'tokenizer.ggml.pre': { type: 'text', value: 'gpt-2' },
    'tokenizer.ggml.tokens': { type: 'texts', value: tokens },
    'tokenizer.ggml.token_type': {
      type: 'raw',
      value: Buffer.concat([u32(9), u32(5), u64(BigInt(types.length)), ...types.map(u32)]),
    },
    'tokenizer.ggml.merges': { type: 'texts', value: ['h e'] },
    ...(bos === null ? {} : { 'tokenizer.ggml.bos_token_id': { type: 'u32', value: tokens.indexOf(bos) } }),
    'tokenizer.ggml.eos_token_id': { type: 'u32', value: tokens.indexOf(eos) },
    'tokenizer.ggml.add_bos_token': { type: 'raw', value: Buffer.concat([u32(7), Buffer.from([addBos ? 1 : 0])]) },
    ...(template === '' ? {} : { 'tokenizer.chat_template': { type: 'text', value: template } }),
  });
  writeFileSync(file, makeGguf({ values }));
  return file;
}

/** Each byte as the character that stands for it in vocabularies of this kind. */
function byteTokens(): string[] {
  const isShown = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isShown(byte) ? byte : next++));
}
