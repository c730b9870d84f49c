// Runs in the engine process: tells while a prompt is read that it goes on, and how far it is.
import type { LlamaContextSequence } from 'node-llama-cpp';
import type { EngineReply } from './protocol.ts';

export type Progress = Omit<Extract<EngineReply, { type: 'progress' }>, 'type' | 'id'>;

const EVERY_MS = 500;
/** The timer itself takes far less within any limit; what takes this much computes. */
const WORKING_CPU_MS = 50;

export interface ProgressOptions {
  sequence: Pick<LlamaContextSequence, 'nextTokenIndex'> & {
    tokenMeter: Pick<LlamaContextSequence['tokenMeter'], 'usedInputTokens' | 'usedOutputTokens'>;
  };
  promptTokens: number;
  /** At most twice a second, while tokens are worked on or the processor is. */
  onProgress: (progress: Progress) => void;
  /** What this process has taken of the processor. */
  cpuMs?: () => number;
}

/**
 * A slow computer reads one batch of a long prompt for longer than a first word may take, so also processor time is a sign of
 * life. What hangs takes none. @returns what ends it
 */
export function watchProgress({ sequence, promptTokens, onProgress, cpuMs = ownCpuMs }: ProgressOptions): () => void {
  const meter = sequence.tokenMeter;
  const start = meter.usedInputTokens;
  const worked = () => meter.usedInputTokens + meter.usedOutputTokens;
  let lastWorked = worked();
  let lastInput = start;
  let lastCpuMs = cpuMs();
  let newTokens = 0;
  let keptTokens: number | null = null;
  const timer = setInterval(() => {
    const hasMoved = worked() !== lastWorked;
    const nowMs = cpuMs();
    if (!hasMoved && nowMs - lastCpuMs < WORKING_CPU_MS) return;
    lastCpuMs = nowMs;
    if (hasMoved) {
      // Until the prompt is read this is where it went on from.
      keptTokens ??= Math.min(sequence.nextTokenIndex, promptTokens);
      // A batch is counted when it begins: what was counted before it has been read.
      newTokens = lastInput - start;
      lastInput = meter.usedInputTokens;
      lastWorked = worked();
    }
    const kept = keptTokens ?? 0;
    onProgress({ keptTokens: kept, readTokens: Math.min(kept + newTokens, promptTokens), promptTokens });
  }, EVERY_MS);
  return () => clearInterval(timer);
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
