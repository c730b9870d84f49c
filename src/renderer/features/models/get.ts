// Putting a model on the list of downloads, and what is known of one that the catalogue names.
import type { Download } from '../../../contract/downloads.ts';
import type { InstalledModel } from '../../../contract/models.ts';
import { getClient, isSameModel, withTag } from '../../lib/index.ts';
import type { RowState } from './catalogue-row.tsx';
import { isMoving } from './download-text.ts';
import { readModelName } from './names.ts';

/** Rejects with main's error. */
export async function getModel(model: string): Promise<void> {
  // Who writes http:// means it.
  const isInsecure = readModelName(model)?.isInsecure ?? false;
  await getClient().downloads.add({ model, isInsecure });
}

/** Those that have not come to their end. */
export function openDownloads(downloads: Download[]): Download[] {
  return downloads.filter(({ state }) => state !== 'done');
}

/** How far each model is that is on its way: a percentage, or null for one that waits or stands still. */
export function arrivingStates(downloads: Download[]): Record<string, number | null> {
  return Object.fromEntries(
    openDownloads(downloads).map((download) => [
      withTag(download.model),
      isMoving(download) ? Math.floor(download.progress * 100) : null,
    ]),
  );
}

/** What stands in the place of the button that gets it. */
export function stateOf(model: string, here: InstalledModel[], arriving: Record<string, number | null>): RowState {
  const percent = arriving[withTag(model)];
  if (percent !== undefined) return percent === null ? { type: 'listed' } : { type: 'running', percent };
  const isHere = here.some(({ engine, name }) => engine === 'ollama' && isSameModel(name, model));
  return { type: isHere ? 'installed' : 'absent' };
}
