// Looks at addresses for whoever adds one: the last one is kept, so that what stands on the screen is what gets added.
import type { ProbeInput, ProbeResult } from '../../../contract/backends.ts';

export interface Looks {
  /** Looks now. */
  look(input: ProbeInput, signal: AbortSignal): Promise<ProbeResult>;
  /** What the last look found if it was at this, also while it is under way; else a new one. It is forgotten then. */
  found(input: ProbeInput): Promise<ProbeResult>;
}

export function createLooks(probe: Looks['look']): Looks {
  let last: { at: string; result: Promise<ProbeResult> } | null = null;

  return {
    look(input, signal) {
      const kept = { at: keyOf(input), result: probe(input, signal) };
      last = kept;
      return kept.result;
    },
    async found(input) {
      const kept = last?.at === keyOf(input) ? last.result : null;
      last = null;
      const anew = () => probe(input, new AbortController().signal);
      // Whoever began it may have left before its end.
      return kept === null ? anew() : kept.catch(anew);
    },
  };
}

const keyOf = ({ url, key = '', headers = {} }: ProbeInput) => JSON.stringify([url.trim(), key, headers]);
