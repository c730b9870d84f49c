// Which backends a question may go to, in which order, and why the others may not. Nothing here asks anybody.
import type { BackendStatus } from '../../../contract/backends.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { IfFails } from '../../../contract/settings.ts';
import { errorInfo } from '../../errors/index.ts';
import type { Backend, BackendHealth } from '../interface.ts';

/** A backend as it stands in the user's list. */
export interface Listed {
  readonly backend: Backend;
  readonly origin: BackendStatus['origin'];
  readonly isOn: boolean;
  /** Whether it may answer where nobody chose it by name. */
  readonly standsIn: boolean;
}

export interface ListOrder {
  /** As the user arranged it; empty leaves it to Hearth. */
  order: readonly BackendId[];
  /** Where MLX runs, it comes first. */
  isAppleSilicon: boolean;
}

/** Those that the user named first, then Hearth's order, the demo always last. */
export function inOrder(listed: readonly Listed[], { order, isAppleSilicon }: ListOrder): Listed[] {
  const automatic = isAppleSilicon ? ['mlx', 'ollama', 'llamacpp'] : ['ollama', 'llamacpp'];
  const rank = ({ backend }: Listed): number => {
    if (backend.kind === 'demo') return Infinity;
    const named = order.indexOf(backend.id);
    if (named >= 0) return named;
    const known = automatic.indexOf(backend.id);
    return order.length + (known >= 0 ? known : automatic.length);
  };
  return listed.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** Whether questions would find the same backends in the same order. One that was edited is another one. */
export function sameList(before: readonly Listed[], now: readonly Listed[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ backend, isOn, standsIn }, index) => {
      const other = now[index];
      return backend === other?.backend && isOn === other.isOn && standsIn === other.standsIn;
    })
  );
}

export interface ChainWish {
  /** Null: the first of the list that is ready. */
  first: BackendId | null;
  ifFails: IfFails;
  /** Work in the background is left out rather than done by a stand-in, and never by the demo. */
  isBackground: boolean;
}

/** The backends that a question may go to, in the order in which they are tried. */
export function chainOf(list: readonly Listed[], { first, ifFails, isBackground }: ChainWish): Listed[] {
  // Switched off, the demo stands in for nobody; who chooses it by name means it.
  const isOnFor = ({ backend, isOn }: Listed) => isOn || backend.kind === 'demo';
  const chosen = list.filter(({ backend }) => backend.id === first).map((one) => ({ ...one, isOn: isOnFor(one) }));
  const others = list.filter((one) => one.isOn && one.standsIn && one.backend.id !== first);
  const chain = first === null ? others : ifFails === 'stop' || isBackground ? chosen : [...chosen, ...others];
  return isBackground ? chain.filter(({ backend }) => backend.kind !== 'demo') : chain;
}

/** Whether a question may go to a backend of this health; one that sleeps or starts counts. */
export function isUsable(health: BackendHealth, backend: Backend): boolean {
  switch (health.state) {
    case 'ready':
      return backend.kind === 'demo' || backend.kind === 'query' || hasModel(health, backend);
    case 'asleep':
    case 'starting':
      // What a sleeping server has installed is known when it is awake; the built-in engine's files are known before.
      return backend.kind === 'ollama' || hasModel(health, backend);
    case 'checking':
    case 'unavailable':
      return false;
    default:
      return health.state satisfies never;
  }
}

/** Why a backend that is not usable was left out. */
export function whyNot(health: BackendHealth, { label }: Backend): ErrorInfo {
  return health.problem ?? errorInfo('no_model_installed', { backend: label });
}

/** The reasons as one text for the sentence of `no_backend`. */
export function reasonsText(skipped: readonly { label: string; reason: ErrorInfo }[]): string {
  return skipped.map(({ label, reason }) => `${label}: ${reason.message.replace(/\.$/, '')}.`).join(' ');
}

function hasModel(health: BackendHealth, backend: Backend): boolean {
  return health.models.length > 0 || backend.modelFor(null) !== null;
}
