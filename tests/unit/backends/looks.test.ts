// How deep a look at the backends goes: a look that wakes may start a program.
import { afterEach, describe, expect, it } from 'vitest';
import type { Backends } from '../../../src/main/backends/interface.ts';
import { type MadeUpChain, madeUpChain } from '../../support/made-up-backends.ts';

let backends: Backends;
afterEach(() => backends.stop());

async function looksOf(patch: Parameters<typeof madeUpChain>[1]): Promise<Record<string, string[]>> {
  const chain: MadeUpChain = madeUpChain(['one', 'two'], patch);
  ({ backends } = chain);
  await backends.check();
  return { one: [...chain.of('one').looks], two: [...chain.of('two').looks] };
}

describe('a check', () => {
  it('wakes the chosen backend alone: what stands in for it is started when it is needed', async () => {
    expect(await looksOf({ backend: 'two' })).toEqual({ one: ['look'], two: ['wake'] });
  });

  it('wakes what would stand in while the chosen one is switched off', async () => {
    const backendsOff = { ollama: false, llamacpp: false, two: false };
    expect(await looksOf({ backend: 'two', backends: { switches: backendsOff } })).toMatchObject({ one: ['wake'] });
  });

  it('wakes all that may be asked where the choice is Hearth’s', async () => {
    expect(await looksOf({})).toEqual({ one: ['wake'], two: ['wake'] });
  });
});
