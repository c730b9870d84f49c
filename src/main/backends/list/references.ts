// What the settings say of one backend beside its entry: taken out with it, and put back as far as nobody has chosen anew.
import type { BackendId } from '../../../contract/ids.ts';
import type { AddedBackend, Settings, SettingsPatch } from '../../../contract/settings.ts';
import { restored } from './order.ts';

type PurposeName = keyof Settings['purposes'];

/** The settings as they were before, as far as they concern the backend. */
export interface Taken {
  entry: AddedBackend;
  index: number;
  order: readonly BackendId[];
  switch: boolean | undefined;
  limits: Settings['backends']['limits'][BackendId] | undefined;
  /** The chat's model, when the backend was chosen for it. */
  chat: { model: string | null } | null;
  purposes: readonly { name: PurposeName; model: string | null }[];
}

export function take(settings: Settings, entry: AddedBackend): Taken {
  const { backends, backend, model, purposes } = settings;
  const { id } = entry;
  return {
    entry,
    index: backends.added.findIndex((one) => one.id === id),
    order: backends.order,
    switch: backends.switches[id],
    limits: backends.limits[id],
    chat: backend === id ? { model } : null,
    purposes: purposeNames(purposes).flatMap((name) =>
      purposes[name].backend === id ? [{ name, model: purposes[name].model }] : [],
    ),
  };
}

/** The settings without the backend: where it was chosen, Hearth chooses again. */
export function withoutIt(
  settings: Settings,
  { entry: { id }, chat, purposes }: Taken,
  maxSpent: number,
): SettingsPatch {
  const { backends } = settings;
  return {
    ...(chat === null ? {} : { backend: 'auto' as const, model: null }),
    backends: {
      added: backends.added.filter((one) => one.id !== id),
      order: backends.order.filter((one) => one !== id),
      switches: without(backends.switches, id),
      limits: without(backends.limits, id),
      spentIds: [...backends.spentIds.filter((one) => one !== id), id].slice(-maxSpent),
    },
    purposes: Object.fromEntries(
      purposes.map(({ name }) => [name, { ...settings.purposes[name], backend: null, model: null }]),
    ),
  };
}

/** The settings with it again. What was chosen in its place meanwhile stays. */
export function withItAgain(settings: Settings, taken: Taken): SettingsPatch {
  const { backends, purposes } = settings;
  const { entry, chat } = taken;
  const { id } = entry;
  const isFree = (one: { backend: string | null; model: string | null }, none: string | null) =>
    one.backend === none && one.model === null;
  const back = taken.purposes.filter(({ name }) => isFree(purposes[name], null));
  return {
    ...(chat !== null && isFree(settings, 'auto') ? { backend: id, model: chat.model } : {}),
    backends: {
      added: backends.added.toSpliced(taken.index, 0, entry),
      order: restored(backends.order, taken.order, id),
      switches: taken.switch === undefined ? backends.switches : { ...backends.switches, [id]: taken.switch },
      limits: taken.limits === undefined ? backends.limits : { ...backends.limits, [id]: taken.limits },
      spentIds: backends.spentIds.filter((one) => one !== id),
    },
    purposes: Object.fromEntries(back.map(({ name, model }) => [name, { ...purposes[name], backend: id, model }])),
  };
}

function purposeNames(purposes: Settings['purposes']): PurposeName[] {
  return Object.keys(purposes) as PurposeName[];
}

function without<T>(record: Readonly<Record<BackendId, T>>, id: BackendId): Record<BackendId, T> {
  return Object.fromEntries(Object.entries(record).filter(([one]) => one !== id));
}
