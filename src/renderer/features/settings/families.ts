// Families of models: what can be changed of each, as text fields read and write it.
import type { TFunction } from 'i18next';
import type { Family, FamilyChange } from '../../../contract/backends.ts';

export type FamilyNumber = 'contextTokens' | 'maxTokens' | 'repeatPenalty' | 'temperature' | 'topP' | 'topK' | 'minP';

/** As in the contract. */
export const FAMILY_NUMBERS: { key: FamilyNumber; min: number; max: number; isWhole: boolean }[] = [
  { key: 'contextTokens', min: 256, max: 4_194_304, isWhole: true },
  { key: 'maxTokens', min: 16, max: 4_194_304, isWhole: true },
  { key: 'repeatPenalty', min: 0.5, max: 2, isWhole: false },
  { key: 'temperature', min: 0, max: 2, isWhole: false },
  { key: 'topP', min: 0, max: 1, isWhole: false },
  { key: 'topK', min: 0, max: 1_000, isWhole: true },
  { key: 'minP', min: 0, max: 1, isWhole: false },
];

const STOPS_MAX = 16;
const STOP_MAX_CHARS = 100;

/** `1.5` and `1,5` alike; null for what is no such number. */
export function readNumber(text: string, { min, max, isWhole }: (typeof FAMILY_NUMBERS)[number]): number | null {
  if (!(isWhole ? /^\d+$/ : /^\d+([.,]\d+)?$/).test(text)) return null;
  const value = Number(text.replace(',', '.'));
  return value >= min && value <= max ? value : null;
}

/** One stop text a line; null when they are too many or too long. */
export function readStops(text: string): string[] | null {
  const stops = text.split('\n').filter((line) => line !== '');
  return stops.length <= STOPS_MAX && stops.every((one) => one.length <= STOP_MAX_CHARS) ? stops : null;
}

/** A change with one value more, or without it: then it is at Hearth's again. */
export function withValue<Key extends keyof FamilyChange>(
  change: FamilyChange,
  key: Key,
  value: FamilyChange[Key] | undefined,
): FamilyChange {
  const rest = Object.fromEntries(Object.entries(change).filter(([one]) => one !== key));
  return value === undefined ? rest : { ...rest, [key]: value };
}

/** The values that count, in a few words: `Context 8192 tokens · Temperature 0.7`. */
export function valuesText({ defaults }: Family, change: FamilyChange, t: TFunction<'backendsPage'>): string {
  const values = { ...defaults, ...change };
  return FAMILY_NUMBERS.filter(({ key }) => values[key] !== null && values[key] !== undefined)
    .map(({ key }) => {
      if (key === 'contextTokens') return t('families.contextValue', { tokens: values[key] });
      if (key === 'maxTokens') return t('families.maxValue', { tokens: values[key] });
      return `${t(`families.${key}`)} ${String(values[key])}`;
    })
    .join(' · ');
}
