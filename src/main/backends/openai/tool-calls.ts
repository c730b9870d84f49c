// Calls of functions, put together from the pieces in which a stream brings them.
import type { ToolCall } from '../interface.ts';

export interface ToolCallPieces {
  /** Takes the pieces of one record. */
  add(pieces: readonly unknown[]): void;
  isEmpty(): boolean;
  /** The calls in their order; null when one of them is not whole: without a name, or its arguments are no JSON object. */
  whole(): ToolCall[] | null;
}

interface Open {
  index: number | null;
  id: string | null;
  name: string;
  /** The text so far, or the object of a server that sends it as one. */
  arguments: string | Record<string, unknown>;
}

export function createToolCallPieces(): ToolCallPieces {
  const calls: Open[] = [];

  /** A piece belongs to the call of its index, unless its id says that another one begins: some servers count wrongly. */
  function callOf(index: number | null, id: string | null): Open {
    const at = index === null ? calls.at(-1) : calls.findLast((one) => one.index === index);
    if (at !== undefined && (id === null || at.id === null || at.id === id)) return at;
    const call: Open = { index, id, name: '', arguments: '' };
    calls.push(call);
    return call;
  }

  return {
    add(pieces) {
      for (const piece of pieces) {
        const { index, id, function: called } = asObject(piece);
        const call = callOf(typeof index === 'number' ? index : null, typeof id === 'string' && id !== '' ? id : null);
        if (typeof id === 'string' && id !== '') call.id = id;
        const { name, arguments: given } = asObject(called);
        // A name comes whole, and with some servers in every piece.
        if (typeof name === 'string' && name !== '') call.name = name;
        if (typeof given === 'string')
          call.arguments = typeof call.arguments === 'string' ? call.arguments + given : given;
        else if (typeof given === 'object' && given !== null) call.arguments = asObject(given);
      }
    },
    isEmpty: () => calls.length === 0,
    whole() {
      const whole: ToolCall[] = [];
      for (const { id, name, arguments: given } of calls) {
        const value = typeof given === 'string' ? parseArguments(given) : given;
        if (name === '' || value === null) return null;
        whole.push({ id, name, arguments: value });
      }
      return whole;
    },
  };
}

/** A function without parameters is called with nothing. */
function parseArguments(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? asObject(value) : null;
  } catch {
    // Told by the caller, who knows who said it.
    return null;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
