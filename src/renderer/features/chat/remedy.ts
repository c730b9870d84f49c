// What can be done in Hearth about an answer that did not come: of all that could help, what can work now, the best first.
import type { BackendStatus } from '../../../contract/backends.ts';
import type { BackendKind } from '../../../contract/conversations.ts';
import type { ErrorCode, ErrorInfo } from '../../../contract/errors.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { ContextRoom, InstalledModel, ModelEngine } from '../../../contract/models.ts';
import type { EngineStatus } from '../../../contract/engine.ts';
import type { Settings } from '../../../contract/settings.ts';
import { isThisComputer } from '../../lib/hosts.ts';
import { isSameModel } from '../../lib/same-model.ts';
import { type Way, waysFor } from './remedy-ways.ts';

export type Limit = keyof Settings['timeouts'];

/** A button of the card, with all it needs to be pressed. */
export type Remedy =
  | { type: 'fetch'; model: string }
  | { type: 'moreContext'; model: string; engine: ModelEngine; tokens: number; moreBytes: number | null }
  | { type: 'smallerModel' | 'otherModel'; backend: BackendId; model: string }
  | { type: 'makeRoom'; models: readonly string[] }
  | { type: 'moreTime'; backend: BackendId; limit: Limit; toMs: number }
  | { type: 'askNext' | 'switchOn'; backend: BackendId; label: string; host: string | null }
  | { type: 'key' | 'address'; backend: BackendId }
  | { type: Plain };

type Failing = Omit<ErrorInfo, 'message'>;

type Plain = Exclude<
  Way,
  | 'fetch'
  | 'moreContext'
  | 'smallerModel'
  | 'otherModel'
  | 'makeRoom'
  | 'moreTime'
  | 'askNext'
  | 'switchOn'
  | 'key'
  | 'address'
>;

export interface Place {
  /** Which engine failed; null where nobody was asked. */
  kind: BackendKind | null;
  /** Where it stands; null for this computer. */
  host: string | null;
}

/** What is known of the computer and its engines while the card is looked at. */
export interface Known {
  place: Place;
  /** The model that was asked for; null where the engine was to choose, or nobody was asked. */
  model: string | null;
  /** The backend that failed, or would have been asked; null where it is in no list. */
  backend: BackendStatus | null;
  /** Others that were not asked and would answer now, in their order. */
  others: readonly BackendStatus[];
  installed: readonly InstalledModel[];
  /** An installed model that needs less memory and fits what is free. */
  smaller: { backend: BackendId; model: string } | null;
  /** Whether the model can have more context; null where Hearth does not set it, or while it is not known. */
  room: ContextRoom | null;
  /** The Ollama of this computer, as far as it is told. */
  engine: EngineStatus['state'] | null;
  settings: Pick<Settings, 'timeouts' | 'backends'> | null;
  /** Messages before this question go along with it. */
  hasEarlier: boolean;
  /** The answer has text and can be carried on. */
  canGoOn: boolean;
  /** How long the server wants to be left alone. */
  waitMs: number;
  /** What failed then is well now. */
  isMended: boolean;
  /** What was pressed before, for the same question, and did not help. */
  tried: readonly Way[];
}

/** More would be a menu. */
export const MOST_REMEDIES = 3;

/** At most three, the best first. There is always one. */
export function remediesFor(error: ErrorInfo, known: Known): Remedy[] {
  const can = possible(error, known);
  if (known.isMended) return [{ type: 'again' }, ...can.filter(({ type }) => type === 'askNext')];
  const fresh = can.filter(({ type }) => !known.tried.includes(type));
  const tried = can.filter(({ type }) => known.tried.includes(type));
  const remedies = [...fresh, ...tried].slice(0, MOST_REMEDIES);
  return remedies.length > 0 ? remedies : [{ type: 'backends' }];
}

/** What gives a real answer where a demo reply stands; null where looking again is all there is. */
export function remedyForDemo(error: ErrorInfo, known: Known): Remedy | null {
  // Without an Ollama that answers, an engine is what is missing.
  if (error.code === 'backend_unreachable') return { type: 'setUp' };
  const asking: readonly Way[] = ['again', 'goOn', 'askNext', 'newChat', 'reword'];
  return possible(error, known).find(({ type }) => !asking.includes(type)) ?? null;
}

function possible(error: Failing, known: Known): Remedy[] {
  const ways = known.canGoOn ? (['goOn', ...waysFor(error.code)] as const) : waysFor(error.code);
  return ways.flatMap((way) => remedyOf(way, error, known) ?? []);
}

/** Null where it can't work. */
function remedyOf(way: Way, error: Failing, known: Known): Remedy | null {
  const { backend } = known;
  switch (way) {
    case 'again':
      return known.waitMs > 0 ? null : { type: way };
    case 'fetch':
      return fetchOf(error.params.model, known);
    case 'moreContext':
      return moreContext(error.params.model, known);
    case 'smallerModel':
      return known.smaller && { type: way, ...known.smaller };
    case 'otherModel':
      return otherModel(error.params.model ?? known.model, known);
    case 'makeRoom':
      return makeRoom(error.params.model ?? known.model, known);
    case 'moreTime':
      return moreTime(error, known);
    case 'askNext': {
      const [next] = known.others;
      return next ? at(way, next) : null;
    }
    case 'switchOn':
      return backend?.state === 'off' ? at(way, backend) : null;
    case 'key':
      return backend?.origin === 'added' ? { type: way, backend: backend.id } : null;
    case 'address':
      return backend?.origin === 'added' ? { type: way, backend: backend.id } : null;
    case 'newChat':
      return known.hasEarlier && known.room?.type !== 'can' ? { type: way } : null;
    case 'setUp':
      // Where all there is was switched off, setting one up does not switch it on.
      if (error.code === 'no_backend' && !error.params.reasons) return { type: 'backends' };
      return error.code !== 'backend_unreachable' || (isOllamaHere(known) && known.engine === 'absent')
        ? { type: way }
        : null;
    case 'start':
      return isOllamaHere(known) && mayStart(known) ? { type: way } : null;
    case 'seeEngine':
      return isOllamaHere(known) ? { type: way } : null;
    case 'goOn':
    case 'reword':
    case 'getModel':
    case 'backends':
    case 'dataFolder':
      return { type: way };
    default:
      return way satisfies never;
  }
}

function at(type: 'askNext' | 'switchOn', { id, label, host }: BackendStatus): Remedy {
  return { type, backend: id, label, host };
}

function isOllamaHere({ place: { kind, host } }: Known): boolean {
  return kind === 'ollama' && isThisComputer(host);
}

/** Not while it runs or is being started. One of which nothing is told may be. */
function mayStart({ engine }: Known): boolean {
  return engine === null || engine === 'stopped' || engine === 'failed';
}

/** Another computer's models are its own business, and files of the built-in engine have no names to fetch by. */
function fetchOf(model: unknown, known: Known): Remedy | null {
  const { kind, host } = known.place;
  const isOurs = kind !== 'llamacpp' && kind !== 'openai' && kind !== 'mlx' && isThisComputer(host);
  return isOurs && typeof model === 'string' && model !== '' ? { type: 'fetch', model } : null;
}

function moreContext(model: unknown, { room, place }: Known): Remedy | null {
  // Meanwhile it may have more.
  if (room?.type === 'allowed') return { type: 'again' };
  const engine = engineHere(place);
  if (room?.type !== 'can' || engine === null || typeof model !== 'string') return null;
  return { type: 'moreContext', model, engine, tokens: room.tokens, moreBytes: room.moreBytes };
}

/** One that the same backend has. */
function otherModel(missing: unknown, { backend, installed, place }: Known): Remedy | null {
  if (backend === null || backend.state === 'off') return null;
  const engine = engineHere(place);
  // What was used last comes first there; a model for search or pictures writes no answer.
  const here = installed.filter((one) => one.engine === engine && canWrite(one)).map(({ name }) => name);
  const names = engine === null ? backend.models.map(({ name }) => name) : here;
  const model = names.find((name) => typeof missing !== 'string' || !isSameModel(name, missing));
  return model === undefined ? null : { type: 'otherModel', backend: backend.id, model };
}

/** Models in the memory of this computer's Ollama that the question does not need. */
function makeRoom(needed: unknown, { installed }: Known): Remedy | null {
  const isNeeded = (name: string) => typeof needed === 'string' && isSameModel(name, needed);
  const others = installed.filter(({ engine, loaded, name }) => engine === 'ollama' && loaded && !isNeeded(name));
  return others.length === 0 ? null : { type: 'makeRoom', models: others.map(({ name }) => name) };
}

const LIMIT_OF: Partial<Record<ErrorCode, Limit>> = {
  backend_connect_timeout: 'connectMs',
  backend_no_answer: 'connectMs',
  backend_first_token_timeout: 'firstTokenMs',
  backend_too_slow: 'firstTokenMs',
  backend_load_timeout: 'loadMs',
  backend_silent: 'silenceMs',
};
/** In seconds, up to the longest that can be set. */
const TIMES = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600];

/** At least twice what was waited. */
function moreTime({ code, params }: Failing, { backend, settings }: Known): Remedy | null {
  const limit = LIMIT_OF[code];
  if (limit === undefined || backend === null || settings === null) return null;
  const setMs = settings.backends.limits[backend.id]?.[limit] ?? settings.timeouts[limit];
  const waitedMs = typeof params.seconds === 'number' ? params.seconds * 1_000 : 0;
  const toMs = TIMES.map((seconds) => seconds * 1_000).find((ms) => ms >= 2 * Math.max(setMs, waitedMs));
  return toMs === undefined ? null : { type: 'moreTime', backend: backend.id, limit, toMs };
}

/** Whether a model writes text; one of which nothing is told may. */
export function canWrite({ capabilities }: Pick<InstalledModel, 'capabilities'>): boolean {
  return capabilities.length === 0 || capabilities.includes('completion');
}

/** The engine of this computer whose models and context are Hearth's to set; null for others. */
export function engineHere({ kind, host }: Place): ModelEngine | null {
  if (kind === 'llamacpp') return kind;
  return kind === 'ollama' && isThisComputer(host) ? kind : null;
}
