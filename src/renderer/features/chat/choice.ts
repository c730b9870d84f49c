// Where the next question of a chat goes: its own choice, else what the settings say; and who may stand in. Nothing is asked.
import type { BackendsStatus, BackendStatus } from '../../../contract/backends.ts';
import type { BackendKind, ChatChoice } from '../../../contract/conversations.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { Settings } from '../../../contract/settings.ts';
import { hostName, isThisComputer } from '../../lib/hosts.ts';

/** What the settings say about a first choice that does not answer. Null while nobody has told: then the worst counts. */
export type Rules = Pick<Settings, 'backend' | 'ifFails'> | null;

/** What the next question of a chat is sent to first. */
export interface Next {
  id: BackendId;
  kind: BackendKind;
  /** Empty for a backend that is not in the list any more. */
  label: string;
  /** Null leaves it to the backend. */
  model: string | null;
  /** Null: it is not in the list any more. */
  backend: BackendStatus | null;
  /** Whether the chat chose it, and not the settings. */
  isOwn: boolean;
}

/** A choice that chooses nothing is none. */
export function ownChoice(choice: ChatChoice | null | undefined): ChatChoice | null {
  return choice && (choice.backend !== null || choice.model !== null) ? choice : null;
}

export function nextOf(status: BackendsStatus, choice: ChatChoice | null): Next {
  const own = ownChoice(choice);
  const { chosen } = status;
  const id = own?.backend ?? chosen.id;
  const backend = status.backends.find((one) => one.id === id) ?? null;
  const isOwn = own !== null;
  if (own?.backend == null) {
    // A model without a backend is one of the backend that is asked anyway.
    return { ...chosen, model: chosen.kind === 'demo' ? null : (own?.model ?? chosen.model), backend, isOwn };
  }
  if (!backend) return { id, kind: 'openai', label: '', model: own.model, backend, isOwn };
  const { kind, label, models } = backend;
  const usual = chosen.id === id ? chosen.model : models.length === 1 ? (models[0]?.name ?? null) : null;
  return { id, kind, label, model: own.model ?? usual, backend, isOwn };
}

/** Whether it would be asked now; one that sleeps is started by a question. */
export function canAnswer({ state, restsUntilMs }: BackendStatus, nowMs = Date.now()): boolean {
  return state !== 'off' && state !== 'unavailable' && (restsUntilMs === null || restsUntilMs <= nowMs);
}

/** All that may answer the next question, the first choice first, also those that can't at the moment. */
export function mayAnswer(status: BackendsStatus, choice: ChatChoice | null, rules: Rules): BackendStatus[] {
  const own = ownChoice(choice);
  const bySettings = !rules || rules.backend === 'auto' ? null : rules.backend;
  const named = own?.backend ?? bySettings;
  const first = status.backends.find(({ id }) => id === (named ?? status.chosen.id));
  // An engine that is there and fails is no case for the demo, unless that was chosen.
  const mayStandIn = ({ kind, state, standsIn }: BackendStatus) =>
    kind === 'demo' ? status.demo === 'always' : state !== 'off' && standsIn;
  const standIns = status.backends.filter((one) => one !== first && mayStandIn(one));
  // Where nobody is named, the first of the list that is ready is asked, whatever is to happen when it fails.
  const stopsHere = rules?.ifFails === 'stop' && named !== null;
  return [...(first ? [first] : []), ...(stopsHere ? [] : standIns)];
}

/** Who is asked in place of a first choice that can't answer now; null when nobody is. */
export function standInOf(status: BackendsStatus, choice: ChatChoice | null, rules: Rules): BackendStatus | null {
  const { backend } = nextOf(status, choice);
  return mayAnswer(status, choice, rules).find((one) => one !== backend && canAnswer(one)) ?? null;
}

/** Servers on other computers that may get the next question, by name, each once; the first choice first. */
export function awayHosts(status: BackendsStatus, choice: ChatChoice | null, rules: Rules): string[] {
  const away = mayAnswer(status, choice, rules).filter(({ host, state }) => state !== 'off' && !isThisComputer(host));
  return [...new Set(away.map(({ host }) => hostName(host ?? '')))];
}
