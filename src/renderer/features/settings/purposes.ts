// Which backend does what: what can be chosen for a purpose, and the change a choice makes.
import type { TFunction } from 'i18next';
import type { BackendStatus } from '../../../contract/backends.ts';
import type { BackendChoice, IfFails, Purpose, Settings, SettingsPatch } from '../../../contract/settings.ts';
import { placeOf } from '../../lib/index.ts';

type Words = TFunction<'backendsPage'>;

export const PURPOSES: readonly Purpose[] = ['chat', 'quickAsk', 'gateway', 'titles', 'facts', 'emotion'];

/** Beside the ids of backends, which have no such signs. */
export const AS_CHAT = '(chat)';
export const OFF = '(off)';

export interface Chosen {
  /** `AS_CHAT`, `OFF`, `auto` or the id of a backend. */
  backend: string;
  model: string | null;
  /** Null for work in the background: nothing stands in for it. */
  ifFails: IfFails | null;
}

export function isBackground(purpose: Purpose): purpose is 'titles' | 'facts' | 'emotion' {
  return purpose === 'titles' || purpose === 'facts' || purpose === 'emotion';
}

export function chosenFor(purpose: Purpose, { backend, model, ifFails, purposes }: Settings): Chosen {
  if (purpose === 'chat') return { backend, model, ifFails };
  if (!isBackground(purpose)) {
    const own = purposes[purpose];
    return { backend: own.backend ?? AS_CHAT, model: own.model, ifFails: own.ifFails };
  }
  const own = purposes[purpose];
  return { backend: own.isOn ? (own.backend ?? AS_CHAT) : OFF, model: own.model, ifFails: null };
}

/** The change that makes a purpose so. */
export function patchFor(purpose: Purpose, { backend, model, ifFails }: Chosen, settings: Settings): SettingsPatch {
  const isNamed = backend !== AS_CHAT && backend !== OFF;
  if (purpose === 'chat') return { ...(isNamed ? { backend } : {}), model, ...(ifFails ? { ifFails } : {}) };
  const { purposes } = settings;
  if (isBackground(purpose)) {
    const before = purposes[purpose];
    const own = backend === OFF ? { ...before, isOn: false } : { isOn: true, backend: isNamed ? backend : null, model };
    return { purposes: { [purpose]: own } };
  }
  const own = { backend: isNamed ? backend : null, model, ifFails: ifFails ?? purposes[purpose].ifFails };
  return { purposes: { [purpose]: own } };
}

/** The same choice with another backend; a model of the one before goes, unless both may ask Ollama. */
export function withBackend(chosen: Chosen, backend: string, chatChoice: BackendChoice): Chosen {
  const target = (one: string) => {
    const named = one === AS_CHAT ? chatChoice : one;
    return named === 'auto' ? 'ollama' : named;
  };
  const isSame = backend === OFF || target(backend) === target(chosen.backend);
  return { ...chosen, backend, model: isSame ? chosen.model : null };
}

export function backendOptions(
  purpose: Purpose,
  backends: readonly BackendStatus[],
  chosen: string,
  t: Words,
): { value: string; label: string }[] {
  const options = [
    ...(isBackground(purpose) ? [{ value: OFF, label: t('purposes.off') }] : []),
    ...(purpose === 'chat' ? [] : [{ value: AS_CHAT, label: t('purposes.asChat') }]),
    { value: 'auto', label: t('purposes.auto') },
    ...backends
      // The demo never writes a title or a fact.
      .filter(({ kind }) => !(isBackground(purpose) && kind === 'demo'))
      .map((backend) => ({ value: backend.id, label: labelOf(backend, t) })),
  ];
  if (options.some(({ value }) => value === chosen)) return options;
  return [...options, { value: chosen, label: t('purposes.gone') }];
}

function labelOf({ label, state, host, kind }: BackendStatus, t: Words): string {
  const place = kind === 'demo' ? 'here' : placeOf(host);
  const name = place === 'here' ? label : t(`purposes.away.${place}`, { name: label });
  // The demo stands in or not; by name it always answers.
  return state === 'off' && kind !== 'demo' ? t('purposes.isOff', { name }) : name;
}

/** How the model of a choice is chosen: from a list, as free text, or not at all. */
export type ModelChoice = { type: 'list'; models: string[] } | { type: 'text' } | { type: 'none'; word: string };

/** @param backend the one that would be asked; null for the first that is ready, whose models are Ollama's */
export function modelChoice(
  purpose: Purpose,
  chosen: Chosen,
  { backends, chatChoice }: { backends: readonly BackendStatus[]; chatChoice: BackendChoice },
): ModelChoice {
  if (chosen.backend === OFF) return { type: 'none', word: 'noModel' };
  const named = chosen.backend === AS_CHAT ? chatChoice : chosen.backend;
  const backend = backends.find(({ id }) => id === (named === 'auto' ? 'ollama' : named));
  if (!backend || backend.kind === 'demo' || backend.kind === 'query') return { type: 'none', word: 'noModel' };
  // The chat's file of the built-in engine is a setting of that engine.
  if (backend.kind === 'llamacpp' && purpose === 'chat') return { type: 'none', word: 'ownFile' };
  const models = backend.models.map(({ name }) => name);
  return models.length > 0 ? { type: 'list', models } : { type: 'text' };
}

/** Whether what is asked here leaves this computer for sure. */
export function leavesComputer({ backend }: Chosen, backends: readonly BackendStatus[]): boolean {
  const found = backends.find(({ id }) => id === backend);
  return found !== undefined && found.kind !== 'demo' && placeOf(found.host) !== 'here';
}
