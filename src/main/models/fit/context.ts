// How much context a model gets on this computer: the one rule behind what Ollama is asked for and what the pages promise.
import type { Hardware } from '../../../contract/models.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { ModelFacts } from './interface.ts';
import { needOf } from './need.ts';
import { graphicsBytesOf, type Room, roomFor } from './room.ts';

const GIB = 2 ** 30;
/** Enough for a conversation of an hour; what memory can't hold of it is left out. */
const USUAL_TOKENS = 8_192;
/** Ollama's own default for a computer without a large card. With less a chat soon loses its beginning. */
const LEAST_TOKENS = 4_096;
/** From this part of the free memory on a model is called tight. */
export const TIGHT_FROM = 0.8;

/**
 * In tokens: the wanted context, else a usual one that the memory has room for; never more than the model was made for. A
 * large card gets what Ollama gives it. What is wanted is not measured against the memory: whoever wants it has been told.
 * @param wanted by the user, for the model or in general; null or 0 leaves it to Hearth
 */
export function contextFor(
  facts: ModelFacts,
  { wanted, hardware, settings }: { wanted: number | null; hardware: Hardware; settings: Settings['engine'] },
): number {
  const capped = (tokens: number) => Math.max(1, Math.min(tokens, facts.contextLength ?? tokens));
  if (wanted !== null && wanted > 0) return capped(wanted);
  const ollamas = ollamasDefault(graphicsBytesOf(hardware));
  const room = roomFor(facts, hardware, settings);
  const need = (tokens: number) => needInBytes(facts, tokens, settings);
  // Without the model's numbers nobody can tell what a token takes.
  if (need(1) === null) return capped(ollamas);
  let tokens = capped(Math.max(USUAL_TOKENS, ollamas));
  while (tokens > LEAST_TOKENS && !hasRoom(tokens, need, room)) tokens = Math.max(LEAST_TOKENS, Math.floor(tokens / 2));
  return tokens;
}

function ollamasDefault(graphicsBytes: number): number {
  return graphicsBytes >= 47 * GIB ? 262_144 : graphicsBytes >= 23 * GIB ? 32_768 : LEAST_TOKENS;
}

/** A longer context must not push a model off its card: it would answer several times slower. */
function hasRoom(tokens: number, need: (tokens: number) => number | null, { freeBytes, cardBytes }: Room): boolean {
  const bytes = need(tokens) ?? Infinity;
  const fitsOnCard = (count: number) => cardBytes !== null && (need(count) ?? Infinity) <= cardBytes;
  return bytes < freeBytes * TIGHT_FROM && (fitsOnCard(tokens) || !fitsOnCard(LEAST_TOKENS));
}

function needInBytes(facts: ModelFacts, tokens: number, settings: Settings['engine']): number | null {
  const { weightsBytes, cacheBytes, overheadBytes } = needOf(facts, tokens, settings);
  if (weightsBytes === null || cacheBytes === null || overheadBytes === null) return null;
  return weightsBytes + cacheBytes + overheadBytes;
}
