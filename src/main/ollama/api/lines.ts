// Cuts the bytes of a stream into lines; characters and lines may be split over chunks anywhere.

/** Ollama's longest lines carry a whole answer at once; beyond this it is no stream of records. */
export const LINE_MAX_CHARS = 16 * 1024 * 1024;

export interface LineSplitter {
  /** The lines that the chunk completes; null when a line gets longer than LINE_MAX_CHARS. */
  push(chunk: Uint8Array): string[] | null;
  /** What is left when the stream has ended: a last line without its end, or ''. */
  rest(): string;
}

export function createLineSplitter(): LineSplitter {
  const decoder = new TextDecoder();
  let pending = '';
  return {
    push(chunk) {
      const lines: string[] = [];
      const text = decoder.decode(chunk, { stream: true });
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        lines.push(pending + text.slice(from, at));
        pending = '';
        from = at + 1;
      }
      pending += from === 0 ? text : text.slice(from);
      return pending.length > LINE_MAX_CHARS ? null : lines;
    },
    rest: () => pending + decoder.decode(),
  };
}

/** The JSON object of a line; null for anything else, which the caller names: it knows the host. */
export function parseRecord(line: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(line) as unknown;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
