// Where `npm run test:real` gets its model from, and what it says where there is none.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findTestModels, INSTRUCT_MODEL } from '../../../scripts/lib/test-models.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-test-models-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fails = (() => ({ status: 1 })) as never;

test('a folder that is named is taken as it is, and nothing is fetched for it', () => {
  const env = { HEARTH_TEST_MODELS: folder };
  const never = (() => expect.fail('fetched')) as never;
  expect(findTestModels(env, never)).toEqual({ folder: null, reason: expect.stringContaining(INSTRUCT_MODEL) });
  writeFileSync(join(folder, INSTRUCT_MODEL), 'GGUF');
  expect(findTestModels(env, never)).toEqual({ folder, reason: null });
});

test('what can’t be fetched is a reason, and leaves nothing behind', () => {
  expect(findTestModels({ XDG_CACHE_HOME: folder }, fails)).toEqual({ folder: null, reason: 'pip did not bring it' });
  expect(readdirSync(join(folder, 'hearth-test-models'))).toEqual([]);
});
