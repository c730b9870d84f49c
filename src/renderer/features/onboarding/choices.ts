// Four models to begin with: the suggested one, a stronger one that fits, one that is tight, one that is too big.
import type { Catalogue, Fit } from '../../../contract/models.ts';

type Entry = Catalogue['entries'][number];
type Variant = Entry['variants'][number];

export interface ModelChoice {
  entry: Entry;
  variant: Variant;
  isSuggested: boolean;
}

const COUNT = 4;

/**
 * The choices of the onboarding, the suggested one first, then by what they need. One of each model, only models that chat,
 * earlier ones of the catalogue before later ones; where a kind is missing the next of the others stands in.
 */
export function firstChoices({ entries, suggested }: Catalogue): ModelChoice[] {
  const talkers = entries.filter(({ capabilities }) => capabilities.includes('completion'));
  const all = talkers.flatMap((entry) =>
    entry.variants
      .map((variant) => ({ entry, variant, isSuggested: variant.model === suggested }))
      .toSorted((a, b) => needOf(a) - needOf(b)),
  );
  const chosen: ModelChoice[] = [];
  const take = (choice: ModelChoice | undefined) => {
    if (choice && chosen.length < COUNT) chosen.push(choice);
  };
  const left = (...labels: Fit['label'][]) =>
    all.filter(
      ({ entry, variant }) =>
        labels.includes(variant.fit.label) && !chosen.some((taken) => taken.entry.id === entry.id),
    );
  /** What cannot be judged is offered like what fits; of one model the strongest that does. */
  const fitting = () => {
    const [first] = left('fits', 'unknown');
    return left('fits', 'unknown').findLast(({ entry }) => entry.id === first?.entry.id);
  };

  take(all.find(({ isSuggested }) => isSuggested));
  const base = chosen[0] ? needOf(chosen[0]) : 0;
  const stronger = left('fits', 'unknown').find((one) => needOf(one) > base);
  take(left('fits', 'unknown').findLast(({ entry }) => entry.id === stronger?.entry.id));
  take(left('tight')[0]);
  take(left('too_big')[0]);
  while (chosen.length < COUNT) {
    const next = fitting() ?? left('tight')[0] ?? left('too_big')[0];
    if (!next) break;
    take(next);
  }
  return chosen.toSorted((a, b) => Number(b.isSuggested) - Number(a.isSuggested) || needOf(a) - needOf(b));
}

/** Whether this computer can run it; what cannot be judged may be tried. */
export function canRun({ variant }: ModelChoice): boolean {
  return variant.fit.label !== 'too_big';
}

function needOf({ variant }: ModelChoice): number {
  return variant.fit.needBytes ?? variant.downloadBytes;
}
