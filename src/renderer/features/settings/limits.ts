// The limits of one backend as people type them: seconds, and nothing where those of Advanced count.
import type { Settings } from '../../../contract/settings.ts';

export type Limit = keyof Settings['timeouts'];
export type LimitTexts = Record<Limit, string>;

export const LIMITS: { key: Limit; word: string }[] = [
  { key: 'connectMs', word: 'connect' },
  { key: 'firstTokenMs', word: 'firstToken' },
  { key: 'loadMs', word: 'load' },
  { key: 'silenceMs', word: 'silence' },
];

/** The limits of the contract, 100 ms to an hour. */
export const SECONDS_MIN = 0.1;
export const SECONDS_MAX = 3_600;

type OwnLimits = Settings['backends']['limits'][string];

export function limitTexts(own: OwnLimits | undefined): LimitTexts {
  const text = (ms: number | undefined) => (ms === undefined ? '' : String(ms / 1_000));
  return {
    connectMs: text(own?.connectMs),
    firstTokenMs: text(own?.firstTokenMs),
    loadMs: text(own?.loadMs),
    silenceMs: text(own?.silenceMs),
  };
}

/** In milliseconds; null where the field is empty, `wrong` for what can't be a limit. */
export function readLimit(text: string): number | null | 'wrong' {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (!/^\d+([.,]\d+)?$/.test(trimmed)) return 'wrong';
  const seconds = Number(trimmed.replace(',', '.'));
  return seconds >= SECONDS_MIN && seconds <= SECONDS_MAX ? Math.round(seconds * 1_000) : 'wrong';
}

/** Null when a text is wrong. */
export function readLimits(texts: LimitTexts): OwnLimits | null {
  const own: OwnLimits = {};
  for (const { key } of LIMITS) {
    const ms = readLimit(texts[key]);
    if (ms === 'wrong') return null;
    if (ms !== null) own[key] = ms;
  }
  return own;
}

/** All own limits with those of one backend replaced; a backend without any does not stand in it. */
export function withLimits(all: Settings['backends']['limits'], id: string, own: OwnLimits): typeof all {
  const rest = Object.fromEntries(Object.entries(all).filter(([one]) => one !== id));
  return Object.keys(own).length === 0 ? rest : { ...rest, [id]: own };
}
