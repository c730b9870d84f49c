// What a model needs in memory, and whether that is there. Pure: the numbers come in, a verdict goes out.
import type { Fit, FitLabel, Hardware } from '../../../contract/models.ts';
import type { Settings } from '../../../contract/settings.ts';
import { contextFor, TIGHT_FROM } from './context.ts';
import type { ModelFacts } from './interface.ts';
import { needOf } from './need.ts';
import { type Room, roomFor } from './room.ts';

type EngineSettings = Settings['engine'];

/** @param contextLength tokens; null takes the model's own, else the settings', else what this computer has room for */
export function fitOn(
  facts: ModelFacts,
  { hardware, settings, contextLength }: { hardware: Hardware; settings: EngineSettings; contextLength: number | null },
): Fit {
  const wanted = contextLength ?? facts.ownContext ?? settings.contextLength;
  const context = contextFor(facts, { wanted, hardware, settings });
  const { weightsBytes, cacheBytes, overheadBytes } = needOf(facts, context, settings);
  // Without the cache's numbers the rest is a lower bound: enough to call it too big, not enough to call it fitting.
  const least = weightsBytes === null ? null : weightsBytes + (overheadBytes ?? 0) + (cacheBytes ?? 0);
  const needBytes = cacheBytes === null ? null : least;
  const room = roomFor(facts, hardware, settings);
  return {
    label: labelFor({ least, needBytes, freeBytes: room.freeBytes }),
    needBytes,
    freeBytes: room.freeBytes,
    weightsBytes,
    cacheBytes,
    overheadBytes,
    contextLength: context,
    place: placeFor(least, room),
  };
}

function labelFor(numbers: { least: number | null; needBytes: number | null; freeBytes: number }): FitLabel {
  const { least, needBytes, freeBytes } = numbers;
  if (least !== null && least > freeBytes) return 'too_big';
  if (needBytes === null) return 'unknown';
  return needBytes < freeBytes * TIGHT_FROM ? 'fits' : 'tight';
}

function placeFor(least: number | null, { cardBytes, isCapped }: Room): Fit['place'] {
  if (cardBytes === null) return 'memory';
  return least !== null && least <= cardBytes && !isCapped ? 'gpu' : 'both';
}
