// How deep a look at the backends goes: a look that wakes may start a program.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Backends } from '../../../src/main/backends/interface.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import { type MadeUpChain, madeUpChain } from '../../support/made-up-backends.ts';

let backends: Backends;
afterEach(() => backends.stop());

async function looksOf(patch: Parameters<typeof madeUpChain>[1]): Promise<Record<string, string[]>> {
  const chain: MadeUpChain = madeUpChain(['one', 'two'], patch);
  ({ backends } = chain);
  await backends.check();
  return { one: [...chain.of('one').looks], two: [...chain.of('two').looks] };
}

it('a look for models that came wakes nobody from a rest, a check of the user does', async () => {
  const chain = madeUpChain(['one', 'two']);
  ({ backends } = chain);
  await backends.check();
  chain.of('one').failure = { error: new HearthError('backend_garbage', { host: 'one.lan', backend: 'one' }) };
  const { signal } = new AbortController();
  const plan = await backends.plan({}, signal);
  for await (const _event of backends.run(plan, { messages: [{ role: 'user', content: 'hello' }] }, signal));
  const isResting = () => backends.status().backends[0]?.restsUntilMs !== null;
  expect(isResting()).toBe(true);
  await vi.waitFor(() => expect(backends.status().isChecking).toBe(false));
  const looks = chain.of('two').looks.length;
  backends.lookAgain();
  await vi.waitFor(() => {
    expect(chain.of('two').looks.length).toBeGreaterThan(looks);
    expect(backends.status().isChecking).toBe(false);
  });
  expect(isResting()).toBe(true);
  await backends.check();
  expect(isResting()).toBe(false);
});

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
