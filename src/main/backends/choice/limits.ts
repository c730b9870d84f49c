// How long one backend may take: what the user set for it, else the limits of all.
import type { BackendId } from '../../../contract/ids.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { Limits } from '../interface.ts';

export function limitsOf({ timeouts, backends }: Settings, id: BackendId): Limits {
  return { ...timeouts, ...backends.limits[id] };
}
