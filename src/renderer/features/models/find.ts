// Finding a model by a few letters, in the lists and outside of them.
import { USABLE_CAPABILITIES } from '../../../contract/limits.ts';
import type { Capability, Catalogue, InstalledModel } from '../../../contract/models.ts';
import { isSameModel, modelTitle } from '../../lib/index.ts';
import { readModelName } from './names.ts';

/** One row of the catalogue: a variant with what is true of all variants of its model. */
export type CatalogueRow = Omit<Catalogue['entries'][number], 'variants'> &
  Catalogue['entries'][number]['variants'][number];

/** The catalogue row by row, in its order. */
export function catalogueRows({ entries }: Catalogue): CatalogueRow[] {
  return entries.flatMap(({ variants, ...entry }) => variants.map((variant) => ({ ...entry, ...variant })));
}

/** What of a model’s capabilities is worth telling today; see `USABLE_CAPABILITIES`. */
export function usableOf(capabilities: readonly Capability[]): Capability[] {
  return capabilities.filter((one) => USABLE_CAPABILITIES.includes(one));
}

/** Whether every word of a query is part of what a thing is called or good for. */
export function matches(query: string, texts: (string | null)[]): boolean {
  const all = texts.join(' ').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

export function matchesInstalled(query: string, { name, family, engine }: InstalledModel): boolean {
  return matches(query, [name, modelTitle(name), family, engine]);
}

export function matchesRow(query: string, row: CatalogueRow): boolean {
  return matches(query, [
    row.model,
    modelTitle(row.model),
    row.name,
    row.family,
    row.goodAt,
    ...usableOf(row.capabilities),
  ]);
}

/**
 * What a query names that no list on screen holds, and that could be fetched by that name; null when there is no such.
 *
 * @param shown the names that are on screen: installed, under way, in the catalogue
 */
export function unlistedName(query: string, shown: string[]): string | null {
  const name = query.trim();
  if (name === '' || readModelName(name) === null) return null;
  return shown.some((one) => isSameModel(one.toLowerCase(), name.toLowerCase())) ? null : name;
}
