// This computer, measured when somebody asks. Nothing here polls.
import os from 'node:os';
import type { Gpu, Hardware } from '../../../contract/models.ts';
import { readGpus } from './gpus.ts';
import { readMemory } from './memory.ts';
import { runProgram } from './run-program.ts';

/** A page asks for many models at once; the numbers of one moment serve them all. */
const KEPT_MS = 3_000;
/** A driver that is waking its card may take seconds; nobody waits longer for it. */
const LIMIT_MS = 5_000;

interface HardwareOptions {
  /** Physical cores that may be used. */
  cores: () => number;
  now?: () => number;
  limitMs?: number;
  /** What is asked of the system; a test's own. */
  probe?: { memory(): Promise<{ totalBytes: number; availableBytes: number }>; gpus(): Promise<Gpu[]> };
}

const system = {
  memory: () => readMemory(process.platform, runProgram),
  gpus: () => readGpus({ platform: process.platform, arch: process.arch, run: runProgram }),
};

/**
 * A function that measures: never rejects, ends within the limit. A probe that fails or takes too long is replaced by what
 * Node knows (no card, free memory).
 */
export function createHardware({
  cores,
  now = () => performance.now(),
  limitMs = LIMIT_MS,
  probe = system,
}: HardwareOptions): () => Promise<Hardware> {
  let physicalCores: number | null = null;
  let kept: { untilMs: number; hardware: Promise<Hardware> } | null = null;

  async function measure(): Promise<Hardware> {
    physicalCores ??= cores();
    const [memory, gpus] = await Promise.all([
      within(limitMs, probe.memory(), { totalBytes: os.totalmem(), availableBytes: os.freemem() }),
      within<Gpu[]>(limitMs, probe.gpus(), []),
    ]);
    return { memoryBytes: memory.totalBytes, freeMemoryBytes: memory.availableBytes, gpus, physicalCores };
  }

  return () => {
    if (kept !== null && now() < kept.untilMs) return kept.hardware;
    const hardware = measure();
    const mine = { untilMs: Infinity, hardware };
    kept = mine;
    // Kept from when it is known: those who ask meanwhile share the measurement.
    void hardware.then(() => (mine.untilMs = now() + KEPT_MS));
    return hardware;
  };
}

async function within<T>(limitMs: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, limitMs, otherwise);
  });
  try {
    return await Promise.race([work.catch(() => otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}
