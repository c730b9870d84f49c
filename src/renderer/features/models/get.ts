// Putting a model on the list of downloads, and what is known of one that the catalogue names.
import type { Download } from '../../../contract/downloads.ts';
import type { InstalledModel } from '../../../contract/models.ts';
import { getClient } from '../../lib/index.ts';
import type { RowState } from './catalogue-row.tsx';
import { isSameModel } from './ensure.ts';
import { readModelName } from './names.ts';

/** Rejects with main's error. */
export async function getModel(model: string): Promise<void> {
  // Who writes http:// means it.
  const isInsecure = readModelName(model)?.isInsecure ?? false;
  await getClient().downloads.add({ model, isInsecure });
}

/** What stands in the place of the button that gets it. */
export function stateOf(model: string, here: InstalledModel[], downloads: Download[]): RowState {
  const arriving = downloads.find((one) => one.state !== 'done' && isSameModel(one.model, model));
  if (arriving?.state === 'running') return { type: 'running', percent: Math.floor(arriving.progress * 100) };
  if (arriving) return { type: 'listed' };
  const isHere = here.some(({ engine, name }) => engine === 'ollama' && isSameModel(name, model));
  return { type: isHere ? 'installed' : 'absent' };
}
