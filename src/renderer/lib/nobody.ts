// Whether a question that names no backend finds anybody at all.
import type { BackendsStatus, BackendStatus } from '../../contract/backends.ts';
import type { BackendChoice } from '../../contract/settings.ts';

/**
 * True when all that could answer is switched off, or is an engine that this computer can't run. Then Hearth still names one as
 * the next, but nothing of it would be true: neither that the demo replies, nor that this engine is what is missing.
 *
 * @param choice what the settings say; null while that is not known
 */
export function isNobodyThere({ backends, chosen }: BackendsStatus, choice: BackendChoice | null): boolean {
  // Who named one is told about that one; the demo answers by name also when it stands in for nobody.
  if (choice === chosen.id) return false;
  const next = backends.find(({ id }) => id === chosen.id);
  return next !== undefined && (next.state === 'off' || cannotRunHere(next));
}

/** An engine that is not there and that nobody asked for: of all that can be missing, it is the last to be named. */
export function cannotRunHere({ state, problem }: BackendStatus): boolean {
  return state === 'unavailable' && problem?.code === 'mlx_unavailable';
}

/** The names of the engines that a switch in the settings would bring back, in the order of the list. */
export function switchedOff({ backends }: BackendsStatus): string[] {
  return backends
    .filter(({ kind, state }) => kind !== 'demo' && kind !== 'mlx' && state === 'off')
    .map(({ label }) => label);
}
