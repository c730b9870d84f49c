// What a model needs in memory, and whether that is there. Pure: the numbers come in, a verdict goes out.
import type { Fit, FitLabel, Gpu, Hardware } from '../../../contract/models.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { ModelFacts } from './interface.ts';

const GIB = 2 ** 30;

/**
 * Beside weights and cache an engine holds the working buffers of a batch (512 tokens over a vocabulary of 130 000 to 260 000
 * words in 32-bit numbers: 260 to 520 MB) and itself (a CUDA context alone takes about 300 MB); the rest of the buffers grows
 * with the width of the model, for which its weights stand in. Rather too much than too little: a model that does not fit
 * after gigabytes of download is worse than one called tight.
 */
const OVERHEAD_BYTES = 512 * 2 ** 20;
const OVERHEAD_OF_WEIGHTS = 0.05;

const TIGHT_FROM = 0.8;
/** Cards whose free memory is not told: a desktop and its windows take about this part. */
const FREE_OF_CARD = 0.9;

type EngineSettings = Settings['engine'];

/** Bytes of one cached number. The quantized ones hold a 16-bit scale for every 32 numbers. */
function cacheElementBytes({ kvCacheType, flashAttention }: EngineSettings): number {
  // Without flash attention the engine cannot read a quantized cache and keeps 16 bits.
  if (flashAttention === 'off') return 2;
  if (kvCacheType === 'q8_0') return 34 / 32;
  if (kvCacheType === 'q4_0') return 18 / 32;
  return 2;
}

/** The context a question gets: the wanted one, else Ollama's default for this much graphics memory; never over the model's. */
export function contextFor(options: {
  wanted: number | null;
  modelMaximum: number | null;
  hardware: Hardware;
}): number {
  const graphicsBytes = sum(options.hardware.gpus.map((gpu) => graphicsMemory(gpu, options.hardware)));
  const ollamas = graphicsBytes >= 47 * GIB ? 262_144 : graphicsBytes >= 23 * GIB ? 32_768 : 4_096;
  const wanted = options.wanted !== null && options.wanted > 0 ? options.wanted : ollamas;
  return Math.max(1, Math.min(wanted, options.modelMaximum ?? wanted));
}

/** What a card has for models: its own memory, or the part of main memory that macOS lets Apple's graphics use. */
function graphicsMemory(gpu: Gpu, { memoryBytes }: Hardware): number {
  if (!gpu.isShared) return gpu.memoryBytes ?? 0;
  if (!isUnified(gpu)) return 0;
  return memoryBytes * (memoryBytes > 36 * GIB ? 3 / 4 : 2 / 3);
}

/** Apple's graphics computes in main memory as quickly as others in their own; Ollama leaves other integrated ones alone. */
const isUnified = (gpu: Gpu) => gpu.isShared && gpu.memoryBytes !== null;

export function needOf(facts: ModelFacts, contextLength: number, settings: EngineSettings) {
  const { weightsBytes, layers, kvHeads, headSize } = facts;
  const isCacheKnown = layers !== null && kvHeads !== null && headSize !== null;
  const perToken = isCacheKnown ? 2 * layers * kvHeads * headSize * cacheElementBytes(settings) : null;
  const cacheBytes = perToken === null ? null : Math.ceil(perToken * contextLength * (settings.parallel ?? 1));
  const overheadBytes = weightsBytes === null ? null : Math.ceil(OVERHEAD_BYTES + weightsBytes * OVERHEAD_OF_WEIGHTS);
  return { weightsBytes, cacheBytes, overheadBytes };
}

/** @param contextLength tokens; null takes the settings' or Ollama's default */
export function fitOn(
  facts: ModelFacts,
  { hardware, settings, contextLength }: { hardware: Hardware; settings: EngineSettings; contextLength: number | null },
): Fit {
  const context = contextFor({
    wanted: contextLength ?? settings.contextLength,
    modelMaximum: facts.contextLength,
    hardware,
  });
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

interface Room {
  /** What graphics card and main memory have free together; shared memory counts once. */
  freeBytes: number;
  /** What a card could hold; null when none is used. */
  cardBytes: number | null;
  /** The user keeps some layers out of the card. */
  isCapped: boolean;
}

function roomFor({ loaded, layers }: ModelFacts, hardware: Hardware, settings: EngineSettings): Room {
  const loadedBytes = loaded?.sizeBytes ?? 0;
  const loadedInMemory = Math.max(0, loadedBytes - (loaded?.gpuBytes ?? 0));
  const back = (free: number, given: number, total: number) => Math.min(Math.max(free + given, 0), total);
  const gpus = settings.gpuLayers === 0 ? [] : chosen(hardware.gpus, settings.gpuDevices);
  const unified = gpus.find(isUnified);
  const isCapped = settings.gpuLayers !== null && layers !== null && settings.gpuLayers < layers;
  if (unified !== undefined) {
    const freeBytes = back(hardware.freeMemoryBytes, loadedBytes, hardware.memoryBytes);
    return { freeBytes, cardBytes: Math.min(freeBytes, graphicsMemory(unified, hardware)), isCapped };
  }
  const own = gpus.filter((gpu) => !gpu.isShared && gpu.memoryBytes !== null);
  const onCards = own.length > 0;
  // Without a card of its own everything that is loaded lies in main memory, whatever it was told to be.
  const given = onCards ? loadedInMemory : loadedBytes;
  const memoryFree = back(hardware.freeMemoryBytes, given, hardware.memoryBytes);
  if (!onCards) return { freeBytes: memoryFree, cardBytes: null, isCapped };
  const cardTotal = sum(own.map((gpu) => gpu.memoryBytes ?? 0));
  const cardFree = sum(own.map((gpu) => gpu.freeBytes ?? (gpu.memoryBytes ?? 0) * FREE_OF_CARD));
  const cardBytes = back(cardFree, loaded?.gpuBytes ?? 0, cardTotal);
  return { freeBytes: memoryFree + cardBytes, cardBytes, isCapped };
}

/** The cards that the setting lets Ollama use; ids that are no plain numbers can't be matched and leave all. */
function chosen(gpus: readonly Gpu[], devices: string | null): readonly Gpu[] {
  const wanted = devices?.split(',').map((part) => part.trim()) ?? [];
  if (wanted.length === 0 || wanted.some((part) => !/^-?\d+$/.test(part))) return gpus;
  return gpus.filter((gpu, index) => gpu.isShared || wanted.includes(String(index)));
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

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
