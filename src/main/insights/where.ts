// Which backend reads a chat in the background: one that has read it, or one that the user named for this.
import type { BackendsStatus } from '../../contract/backends.ts';
import type { AnswerSource } from '../../contract/conversations.ts';
import { isThisComputer } from '../../contract/hosts.ts';
import type { BackgroundChoice } from '../../contract/settings.ts';
import type { BackendPlan, Backends } from '../backends/index.ts';
import { isCloudModel } from '../ollama/index.ts';
import type { BackgroundPurpose } from './interface.ts';

type Wish = Parameters<Backends['plan']>[0];
type Candidate = BackendPlan['candidates'][number];

export interface WhereOptions {
  purpose: BackgroundPurpose;
  /** What the user chose for the purpose. */
  chosen: BackgroundChoice;
  /** Who answered in the chat. */
  source: AnswerSource;
}

/**
 * What to ask the backends for. Where the user chose none for the purpose it is the one that answered, by name, so that nothing
 * stands in for it; null when that one is off, gone wrong or resting.
 */
export function wishFor({ purpose, chosen, source }: WhereOptions, status: BackendsStatus): Wish | null {
  if (chosen.backend !== null) return { purpose };
  const model = chosen.model ?? source.model ?? undefined;
  const alike = status.backends.filter(({ kind, label }) => kind === source.kind && label === source.label);
  const listed = alike.find(({ host }) => host === source.host) ?? alike[0];
  if (listed && !isReady(listed)) return null;
  // The name of a file alone does not say where it lies.
  if (source.kind === 'llamacpp' && chosen.model === null) return { purpose, backend: source.url };
  const backend = listed?.id ?? source.url;
  return { purpose, backend, ...(model === undefined ? {} : { model }) };
}

function isReady({ state, restsUntilMs }: BackendsStatus['backends'][number]): boolean {
  return state !== 'off' && state !== 'unavailable' && restsUntilMs === null;
}

/**
 * Whether the chat may be read there. What was written goes to no computer that it has not been on, unless the user named that
 * backend for the purpose; the demo reads nothing, and nobody does once the purpose is off.
 */
export function mayRead({ chosen, source }: WhereOptions, plan: Pick<BackendPlan, 'candidates' | 'model'>): boolean {
  const [first] = plan.candidates;
  if (first === undefined) return false;
  const { kind, label } = first;
  const model = first.modelFor(plan.model);
  return isAllowed({ kind, label, host: first.describe(model).host, model }, first, { chosen, source });
}

/** The same for the address that is asked in the end, just before anything is sent. */
export function mayBeSent(
  where: Pick<WhereOptions, 'chosen' | 'source'>,
  asked: AnswerSource,
  planned: Candidate,
): boolean {
  return asked.kind === planned.kind && asked.label === planned.label && isAllowed(asked, planned, where);
}

function isAllowed(
  asked: Pick<AnswerSource, 'kind' | 'label' | 'host' | 'model'>,
  planned: Candidate,
  { chosen, source }: Pick<WhereOptions, 'chosen' | 'source'>,
): boolean {
  const { kind, label, host, model } = asked;
  if (!chosen.isOn || kind === 'demo') return false;
  const home = planned.describe(null).host;
  // An Ollama hands the questions for such a model on to another computer, wherever it runs itself: the model has to be meant.
  const isHandedOn = kind === 'ollama' && (isCloudModel(model) || host !== home);
  const hasAnswered = model === source.model && label === source.label;
  if (isHandedOn && model !== chosen.model && !hasAnswered) return false;
  if (planned.id === chosen.backend) return true;
  // Which model it would take, an Ollama must say; one that sleeps has no address.
  if (kind === 'ollama' && model === null) return false;
  if (host === null) return kind === 'llamacpp' || kind === 'mlx';
  // Removed from the list since it answered, it is there under its bare address still: the user is done with it.
  if (chosen.backend === null && label !== source.label) return false;
  const isWithin = (place: string | null) => isThisComputer(place) || place === source.host;
  return isWithin(host) || (isCloudModel(model) && model === chosen.model && isWithin(home));
}
