// By how much a context is raised, and when it can't be.
import { expect, test } from 'vitest';
import type { Hardware } from '../../../src/contract/models.ts';
import { Settings } from '../../../src/contract/settings.ts';
import { fitOn } from '../../../src/main/models/fit/estimate.ts';
import { contextRoom, type RoomQuestion } from '../../../src/main/models/library/context-room.ts';

const GB = 1e9;
const facts = { weightsBytes: 2 * GB, layers: 28, kvHeads: 8, headSize: 128, contextLength: 131_072 };

function ask(given: Partial<RoomQuestion>, freeGb = 8) {
  const hardware: Hardware = { memoryBytes: 16 * GB, freeMemoryBytes: freeGb * GB, gpus: [], physicalCores: 4 };
  const { engine } = Settings.parse({});
  return contextRoom({
    setTokens: 4_096,
    neededTokens: null,
    canTokens: facts.contextLength,
    wishedTokens: null,
    fitWith: (contextLength) => Promise.resolve(fitOn(facts, { hardware, settings: engine, contextLength })),
    ...given,
  });
}

test.each<[string, Partial<RoomQuestion>, number]>([
  ['the next power of two', {}, 8_192],
  ['from an odd number as well', { setTokens: 5_000 }, 8_192],
  ['what is needed, and an answer', { neededTokens: 8_000 }, 16_384],
  ['all that the model can, where that is less', { canTokens: 6_000 }, 6_000],
  ['more than a smaller wish', { wishedTokens: 4_096 }, 8_192],
])('it is raised to %s', async (_what, given, tokens) => {
  expect(await ask(given)).toMatchObject({ type: 'can', tokens });
});

test('the price is what the cache takes more', async () => {
  // 28 layers of 8 heads of 128 elements, twice, in two bytes: 114,688 bytes a token.
  const room = await ask({});
  expect(room).toMatchObject({ type: 'can' });
  const { moreBytes } = room as { moreBytes: number };
  expect(moreBytes).toBeGreaterThanOrEqual(4_096 * 114_688);
  expect(moreBytes).toBeLessThan(4_096 * 114_688 * 1.5);
});

test('nothing is offered that the model was not made for, or does not tell', async () => {
  expect(await ask({ canTokens: 4_096 })).toEqual({ type: 'model', canTokens: 4_096 });
  expect(await ask({ canTokens: 8_192, neededTokens: 8_000 })).toEqual({ type: 'model', canTokens: 8_192 });
  expect(await ask({ canTokens: null })).toEqual({ type: 'model', canTokens: null });
});

test('nothing is offered that memory has no room for: the numbers are told', async () => {
  const room = await ask({ neededTokens: 60_000 });
  expect(room).toMatchObject({ type: 'memory', tokens: 65_536, freeBytes: expect.any(Number) });
});

test('what was raised since only has to be asked again', async () => {
  expect(await ask({ wishedTokens: 16_384 })).toEqual({ type: 'allowed', tokens: 16_384 });
});
