// How long a server that refused a request asks to wait: in a header, or in the words of its body.
import type { IncomingHttpHeaders } from 'node:http';

/** Where a server sends people away for longer, the time is no help. */
const LONGEST_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** From here on a number of seconds is a time of day: since 1970. */
const EPOCH_FROM_SECONDS = 1_000_000_000;
const EPOCH_FROM_MS = 1_000_000_000_000;

export interface Refusing {
  status: number;
  /** Null for a header that is not there. */
  header: (name: string) => string | null;
  /** The beginning of its body. */
  said: string;
}

/** By name in lower case, as one text; null for one that is not there. */
export function headerOf(headers: IncomingHttpHeaders): (name: string) => string | null {
  return (name) => headers[name]?.toString() ?? null;
}

/** In milliseconds; null where it asks for no wait. Only 429 and 503 do. */
export function waitAsked({ status, header, said }: Refusing, clockMs: number): number | null {
  if (status !== 429 && status !== 503) return null;
  // By the server's own clock, where it tells it: the one of this computer may be wrong.
  const nowMs = Date.parse(header('date') ?? '') || clockMs;
  const found = inHeaders(header, nowMs) ?? inBody(said);
  return found === null || !(found > 0) ? null : Math.min(LONGEST_MS, Math.ceil(found));
}

function inHeaders(header: Refusing['header'], nowMs: number): number | null {
  const ms = number(header('retry-after-ms'));
  if (ms !== null) return ms;
  const after = header('retry-after');
  const wait = duration(after) ?? (after === null ? null : Date.parse(after) - nowMs);
  if (wait !== null && !Number.isNaN(wait)) return wait;
  // Of several limits the one that is used up counts.
  const resets = ['', '-requests', '-tokens'].flatMap((kind) => {
    if ((number(header(`x-ratelimit-remaining${kind}`)) ?? 0) > 0) return [];
    const reset = header(`x-ratelimit-reset${kind}`) ?? (kind === '' ? header('ratelimit-reset') : null);
    return sinceEpoch(reset, nowMs) ?? duration(reset) ?? [];
  });
  return resets.length === 0 ? null : Math.max(...resets);
}

function inBody(said: string): number | null {
  const [, ms] = /"retry_?after_?ms"\s*:\s*"?([\d.]+)/i.exec(said) ?? [];
  if (ms !== undefined) return number(ms);
  const [, field] = /"retry_?-?(?:after|delay)(?:_seconds)?"\s*:\s*"?([\d.hms]+)/i.exec(said) ?? [];
  const [, words] = /(?:try again|retry) (?:in|after) ([\d.]+ ?(?:ms|s|m|h)?[\d.hms]*)/i.exec(said) ?? [];
  return duration(field ?? null) ?? duration(words ?? null);
}

/** `7`, `7.5s`, `1m30s`, `20ms`. */
function duration(written: string | null): number | null {
  const text = written?.trim().replace(' ', '').replace(/\.$/, '') ?? '';
  const plain = number(text);
  if (plain !== null) return plain * 1_000;
  if (!/^(?:[\d.]+(?:ms|[smhd]))+$/i.test(text)) return null;
  let ms = 0;
  for (const [, count, unit = ''] of text.matchAll(/([\d.]+)(ms|[smhd])/gi))
    ms += Number(count) * (UNIT_MS[unit.toLowerCase()] ?? 0);
  return Number.isFinite(ms) ? ms : null;
}

function sinceEpoch(written: string | null, nowMs: number): number | null {
  const count = number(written);
  if (count === null || count < EPOCH_FROM_SECONDS) return null;
  return (count < EPOCH_FROM_MS ? count * 1_000 : count) - nowMs;
}

function number(written: string | null): number | null {
  return written !== null && /^\d+(?:\.\d+)?$/.test(written.trim()) ? Number(written) : null;
}
