// Which model to begin with on this computer.
import type { CatalogueEntry, CatalogueVariant, Fit } from '../../../contract/models.ts';

/** Small enough to be there soon, good enough for everyday questions in eight languages. */
const FIRST_CHOICE = 'llama3.2:3b';
/** Nobody should wait an hour for a first impression. */
const DOWNLOAD_MAX_BYTES = 6e9;

export type FittedEntry = Omit<CatalogueEntry, 'variants'> & { variants: (CatalogueVariant & { fit: Fit })[] };

/** The first choice where it fits; else the largest that does; else the smallest that is tight; null where none runs. */
export function suggestedModel(entries: readonly FittedEntry[]): string | null {
  const variants = entries
    .filter(({ capabilities }) => capabilities.includes('completion'))
    .flatMap((entry) => entry.variants)
    .toSorted((a, b) => b.downloadBytes - a.downloadBytes);
  const fitting = variants.filter(
    ({ fit, downloadBytes }) => fit.label === 'fits' && downloadBytes <= DOWNLOAD_MAX_BYTES,
  );
  const first = fitting.find(({ model }) => model === FIRST_CHOICE) ?? fitting[0];
  return (first ?? variants.findLast(({ fit }) => fit.label === 'tight'))?.model ?? null;
}
