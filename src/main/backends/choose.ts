// Which backends a question may go to, in which order, and why the others may not. Nothing here asks anybody.
import type { BackendStatus } from '../../contract/backends.ts';
import type { BackendKind } from '../../contract/conversations.ts';
import type { ErrorInfo } from '../../contract/errors.ts';
import type { Settings } from '../../contract/settings.ts';
import { errorInfo } from '../errors/index.ts';
import type { Backend } from './interface.ts';

/** The kinds that the settings let a question go to, in the order in which they are tried. */
export function chainOf(settings: Pick<Settings, 'backend' | 'demoAsLastResort'>): BackendKind[] {
  const { backend, demoAsLastResort } = settings;
  if (backend === 'demo') return ['demo'];
  const real: BackendKind[] = backend === 'auto' ? ['ollama', 'llamacpp'] : [backend];
  return demoAsLastResort ? [...real, 'demo'] : real;
}

/** Whether a question may go to a backend of this status; one that sleeps or starts counts. */
export function isUsable(status: BackendStatus, backend: Backend): boolean {
  switch (status.state) {
    case 'ready':
      return status.kind === 'demo' || hasModel(status, backend);
    case 'asleep':
    case 'starting':
      // What a sleeping server has installed is known when it is awake; the built-in engine's files are known before.
      return status.kind === 'ollama' || hasModel(status, backend);
    case 'checking':
    case 'unavailable':
    case 'off':
      return false;
    default:
      return status.state satisfies never;
  }
}

/** Why a backend that is not usable was left out. */
export function whyNot(status: BackendStatus): ErrorInfo {
  return status.problem ?? errorInfo('no_model_installed', { backend: status.label });
}

/** The reasons as one text for the sentence of `no_backend`. */
export function reasonsText(skipped: readonly { label: string; reason: ErrorInfo }[]): string {
  return skipped.map(({ label, reason }) => `${label}: ${reason.message.replace(/\.$/, '')}.`).join(' ');
}

function hasModel(status: BackendStatus, backend: Backend): boolean {
  return status.models.length > 0 || backend.modelFor(null) !== null;
}
