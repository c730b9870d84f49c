// What this computer has free for a model: main memory, and the graphics cards that may be used.
import type { Gpu, Hardware } from '../../../contract/models.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { ModelFacts } from './interface.ts';

const GIB = 2 ** 30;
/** Cards whose free memory is not told: a desktop and its windows take about this part. */
const FREE_OF_CARD = 0.9;

export interface Room {
  /** What graphics card and main memory have free together; shared memory counts once. */
  freeBytes: number;
  /** What a card could hold; null when none is used. */
  cardBytes: number | null;
  /** The user keeps some layers out of the card. */
  isCapped: boolean;
}

/** What is free for one model; what it holds already counts as free. */
export function roomFor({ loaded, layers }: ModelFacts, hardware: Hardware, settings: Settings['engine']): Room {
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

/** The memory of all graphics cards together, as far as models can use it. */
export function graphicsBytesOf(hardware: Hardware): number {
  return sum(hardware.gpus.map((gpu) => graphicsMemory(gpu, hardware)));
}

/** What a card has for models: its own memory, or the part of main memory that macOS lets Apple's graphics use. */
function graphicsMemory(gpu: Gpu, { memoryBytes }: Hardware): number {
  if (!gpu.isShared) return gpu.memoryBytes ?? 0;
  if (!isUnified(gpu)) return 0;
  return memoryBytes * (memoryBytes > 36 * GIB ? 3 / 4 : 2 / 3);
}

/** Apple's graphics computes in main memory as quickly as others in their own; Ollama leaves other integrated ones alone. */
const isUnified = (gpu: Gpu) => gpu.isShared && gpu.memoryBytes !== null;

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
