// Which files answer questions, by what their header says.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answersAs, readGguf } from '../../../src/main/models/index.ts';
import { llamaValues, type MadeGguf, type MadeValue, makeGguf } from '../../support/make-gguf.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-can-chat-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (value: string): MadeValue => ({ type: 'text', value });
const number = (value: number): MadeValue => ({ type: 'u32', value });
const WEIGHTS = [{ name: 'a', shape: [32] }];
const TEMPLATE = { 'tokenizer.chat_template': text(`{{ messages }}${'x'.repeat(10_000)}`) };

test.each<[string, MadeGguf, 'chat' | 'base' | null]>([
  ['a model with a template, however long', { values: llamaValues(TEMPLATE), tensors: WEIGHTS }, 'chat'],
  ['a model without one', { values: llamaValues(), tensors: WEIGHTS }, 'base'],
  [
    'a projector by its type',
    { values: llamaValues({ ...TEMPLATE, 'general.type': text('mmproj') }), tensors: WEIGHTS },
    null,
  ],
  [
    'a projector by its architecture',
    { values: llamaValues({ 'general.architecture': text('clip') }), tensors: WEIGHTS },
    null,
  ],
  ['an adapter', { values: llamaValues({ 'general.type': text('adapter') }), tensors: WEIGHTS }, null],
  [
    'a model for vectors by its kind',
    { values: llamaValues({ 'general.architecture': text('nomic-bert') }), tensors: WEIGHTS },
    null,
  ],
  [
    'a model for vectors by its pooling',
    { values: llamaValues({ 'llama.pooling_type': number(3) }), tensors: WEIGHTS },
    null,
  ],
  ['a vocabulary', { values: llamaValues(TEMPLATE) }, null],
  [
    'the first part of a split model',
    { values: llamaValues({ ...TEMPLATE, 'split.no': number(0), 'split.count': number(2) }), tensors: WEIGHTS },
    'chat',
  ],
  [
    'a later part',
    { values: llamaValues({ ...TEMPLATE, 'split.no': number(1), 'split.count': number(2) }), tensors: WEIGHTS },
    null,
  ],
])('%s', async (name, made, expected) => {
  const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.gguf`);
  writeFileSync(file, makeGguf(made));
  expect(answersAs(await readGguf(file, new AbortController().signal))).toBe(expected);
});
