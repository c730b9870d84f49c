// The one command that helps next, by the reason why a backend does not answer.
import type { BackendsStatus, BackendStatus } from '../contract/backends.ts';
import type { ErrorCode, ErrorInfo } from '../contract/errors.ts';
import { text } from '../main/words/index.ts';

/** Why one backend does not answer. */
export interface Reason {
  /** Its name; null where it is not about one. */
  label: string | null;
  reason: Pick<ErrorInfo, 'code' | 'params'>;
}

export interface NextCommandOptions {
  backends: BackendsStatus['backends'];
  /** A model that fits this computer, for where there is none yet. */
  suggested: string;
}

/** What to type next: of the first reason that a command helps against. Null where none does. */
export function nextCommand(reasons: readonly Reason[], { backends, suggested }: NextCommandOptions): string | null {
  for (const { label, reason } of reasons) {
    const backend = backends.find((one) => one.label === label);
    const model = reason.code === 'model_not_found' ? String(reason.params['model'] ?? suggested) : suggested;
    const command = backend === undefined ? null : (COMMANDS[reason.code]?.({ backend, model }) ?? null);
    if (command !== null) return command;
  }
  return null;
}

type Command = (values: { backend: BackendStatus; model: string }) => string | null;

const LOOK_AGAIN: Command = ({ backend: { id } }) => text('cli:next.check', { id });
/** Elsewhere a model is had, or loaded, at the server itself. */
const PULL: Command = ({ backend, model }) => (backend.kind === 'ollama' ? text('cli:next.pull', { model }) : null);
/** Of one that a variable names Hearth keeps no key. */
const KEY: Command = ({ backend: { id, origin } }) => (origin === 'added' ? text('cli:next.key', { id }) : null);

const COMMANDS: Partial<Record<ErrorCode, Command>> = {
  ollama_not_installed: () => text('cli:next.install'),
  ollama_start_failed: () => text('cli:next.log'),
  ollama_gave_up: () => text('cli:next.log'),
  no_model_installed: PULL,
  model_not_found: PULL,
  backend_off: ({ backend: { id } }) => text('cli:next.on', { id }),
  backend_key_needed: KEY,
  backend_key_refused: KEY,
  secret_unreadable: KEY,
  backend_unreachable: LOOK_AGAIN,
  backend_connect_timeout: LOOK_AGAIN,
  backend_no_answer: LOOK_AGAIN,
  backend_resting: LOOK_AGAIN,
};
