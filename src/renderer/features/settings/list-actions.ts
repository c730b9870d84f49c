// What can be done with the list of backends. Each is in main before it shows; what main refuses is told in a toast.
import { CircleAlert, Layers } from 'lucide-react';
import type { BackendsStatus, BackendStatus, ProbeInput } from '../../../contract/backends.ts';
import type { BackendId } from '../../../contract/ids.ts';
import { UNDO_MS } from '../../../contract/limits.ts';
import { asErrorInfo, getClient, i18n } from '../../lib/index.ts';
import { offerUndo, showToast } from '../../ui/index.ts';
import { checkBackends, showBackends } from './store.ts';

/** Says main's sentence in a toast. */
export function tellFailure(error: unknown): void {
  showToast({ text: asErrorInfo(error).message, icon: CircleAlert });
}

/** Whether main did it. */
async function change(ask: () => Promise<BackendsStatus>): Promise<boolean> {
  try {
    showBackends(await ask());
    return true;
  } catch (error) {
    tellFailure(error);
    return false;
  }
}

export const checkAll = (): void => void checkBackends().catch(tellFailure);

export const setOn = (id: BackendId, isOn: boolean) => change(() => getClient().backends.setOn({ id, isOn }));

export const setStandsIn = (id: BackendId, standsIn: boolean) =>
  change(() => getClient().backends.edit({ id, standsIn }));

export const move = (id: BackendId, index: number) => change(() => getClient().backends.move({ id, index }));

export const resetOrder = () => change(() => getClient().backends.resetOrder());

/** Takes it off the list at once; for ten seconds the toast brings it back, key and all. */
export async function remove({ id, label }: BackendStatus): Promise<void> {
  if (!(await change(() => getClient().backends.remove({ id })))) return;
  offerUndo({
    key: `backend:${id}`,
    text: i18n.t('backendsPage:removed', { name: label }),
    several: (count) => i18n.t('backendsPage:removedSeveral', { count }),
    lastsMs: UNDO_MS,
    undo: () => void change(() => getClient().backends.undoRemove({ id })),
  });
}

/** Adds one and says so. Returns its id; rejects with main's error. */
export async function add(input: ProbeInput, known: readonly BackendStatus[]): Promise<BackendId | null> {
  const status = await getClient().backends.add(input);
  showBackends(status);
  const added = status.backends.find(({ id }) => !known.some((one) => one.id === id));
  if (!added) return null;
  const { id, label: name, standsIn } = added;
  showToast({
    text: i18n.t(standsIn ? 'backendsPage:add.added' : 'backendsPage:add.addedOnlyWhenChosen', { name }),
    icon: Layers,
    ...(standsIn
      ? {}
      : { action: { label: i18n.t('backendsPage:add.standIn'), run: () => void setStandsIn(id, true) } }),
  });
  return id;
}
