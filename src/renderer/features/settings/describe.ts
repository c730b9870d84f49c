// Backends in words: how each is, what it is, and what can be done about it.
import type { TFunction } from 'i18next';
import { USABLE_ABILITIES } from '../../../contract/limits.ts';
import type { BackendStatus } from '../../../contract/backends.ts';
import type { ErrorCode } from '../../../contract/errors.ts';
import { clockTime, dayGroup, i18n } from '../../lib/index.ts';
import type { DotTone } from '../../ui/index.ts';

type Words = TFunction<'backendsPage'>;

export interface Health {
  tone: DotTone;
  word: string;
}

/** Nothing is wrong with an engine that was never set up. */
const ABSENT = new Set<ErrorCode>(['ollama_not_installed', 'no_model_file', 'mlx_unavailable']);
const KEY_WORDS: Partial<Record<ErrorCode, string>> = {
  backend_key_needed: 'keyNeeded',
  backend_key_refused: 'keyRefused',
  secret_unreadable: 'keyUnreadable',
};

/** The dot and the word of a backend's row. */
export function describeHealth(backend: BackendStatus, nowMs: number, t: Words): Health {
  const { problem, latencyMs } = backend;
  if (isResting(backend, nowMs)) {
    return { tone: 'warn', word: t('health.resting', { seconds: restSeconds(backend, nowMs) }) };
  }
  switch (backend.state) {
    case 'ready':
      return {
        tone: 'ok',
        word: latencyMs === null ? t('health.ready') : t('health.readyIn', { ms: shortMs(latencyMs) }),
      };
    case 'asleep':
    case 'checking':
    case 'off':
      return { tone: 'off', word: t(`health.${backend.state}`) };
    case 'starting':
      return { tone: 'live', word: t('health.starting') };
    case 'unavailable': {
      if (isAbsent(backend)) {
        // What this computer can't run at all is nothing to set up.
        const word = problem?.code === 'mlx_unavailable' ? 'health.unavailable' : 'health.absent';
        return { tone: 'off', word: t(word) };
      }
      const keyWord = problem && KEY_WORDS[problem.code];
      return { tone: 'bad', word: keyWord ? t(`health.${keyWord}`, problem.params) : t('health.unavailable') };
    }
    default:
      return backend.state satisfies never;
  }
}

export function isAbsent({ problem }: BackendStatus): boolean {
  return problem !== null && ABSENT.has(problem.code);
}

/** Whether it failed a moment ago and is not asked for now. */
export function isResting({ restsUntilMs, state }: BackendStatus, nowMs: number): boolean {
  return restsUntilMs !== null && restsUntilMs > nowMs && state !== 'off';
}

/** Whole seconds until it is asked again. */
export function restSeconds({ restsUntilMs }: BackendStatus, nowMs: number): number {
  return Math.max(1, Math.ceil(((restsUntilMs ?? nowMs) - nowMs) / 1_000));
}

/** What is wrong, as a sentence, where the word of its health does not say all of it. */
export function troubleOf({ problem, state }: BackendStatus): string | null {
  if (problem === null || state === 'ready' || state === 'off' || KEY_WORDS[problem.code]) return null;
  return problem.message;
}

/** What is known of a backend, part by part, for the second line of its row. */
export function factsOf(backend: BackendStatus, nowMs: number, t: Words): string[] {
  const { kind, state, models, abilities, version, lastAnswerAtMs } = backend;
  const count = models.length;
  const usable = abilities.filter((one) => USABLE_ABILITIES.includes(one));
  const facts = [
    backend.standsIn ? null : t('fact.onlyWhenChosen'),
    addressOf(backend),
    backend.origin === 'environment' ? t('fact.fromEnvironment') : null,
    backend.isOwned ? t('fact.owned') : null,
    version && (isNumber(version) ? t('fact.version', { version }) : version),
    count > 0 ? t('fact.models', { count }) : state === 'ready' && kind !== 'query' ? t('fact.noModels') : null,
    lastAnswerAtMs !== null && state !== 'ready' ? lastWorked(lastAnswerAtMs, nowMs, t) : null,
    usable.length > 0 ? t('fact.can', { abilities: usable.map((one) => t(`ability.${one}`)).join(', ') }) : null,
  ];
  return facts.filter((fact): fact is string => fact !== null && fact !== '');
}

export type Fix = 'addKey' | 'updateKey' | 'check' | 'switchOn' | 'setUp' | 'getModel' | 'start' | 'seeEngine';

const FIXES: Partial<Record<ErrorCode, Fix>> = {
  backend_key_needed: 'addKey',
  backend_key_refused: 'updateKey',
  secret_unreadable: 'updateKey',
  ollama_not_installed: 'setUp',
  ollama_held: 'start',
  ollama_start_failed: 'seeEngine',
  ollama_gave_up: 'seeEngine',
  no_model_installed: 'getModel',
  no_model_file: 'getModel',
  model_file_missing: 'getModel',
};

/** The one thing to do about a backend; null where nothing is to do. `isWanted`: something was set to go to it. */
export function fixFor(backend: BackendStatus, { isWanted, nowMs }: { isWanted: boolean; nowMs: number }): Fix | null {
  const { kind, state, problem, models, origin } = backend;
  if (state === 'off') return isWanted ? 'switchOn' : null;
  if (isResting(backend, nowMs)) return 'check';
  if (state === 'ready' && kind === 'ollama' && origin === 'builtin' && models.length === 0) return 'getModel';
  if (state !== 'unavailable' || problem?.code === 'mlx_unavailable') return null;
  const fix = (problem && FIXES[problem.code]) ?? 'check';
  // The key of one from the environment is not Hearth's to change.
  return origin === 'added' || (fix !== 'addKey' && fix !== 'updateKey') ? fix : 'check';
}

function addressOf({ kind, host, url }: BackendStatus): string | null {
  if (kind === 'llamacpp') return 'llama.cpp';
  if (kind === 'mlx') return host ?? 'mlx_lm';
  // The model that may stand behind it is not where it is.
  return kind === 'ollama' ? host : url.replace(/#.*$/, '');
}

/** Whether a version is one: a server that tells none may tell its program instead. */
export function isNumber(version: string): boolean {
  return /^v?\d/.test(version);
}

function lastWorked(atMs: number, nowMs: number, t: Words): string {
  const { kind } = dayGroup(atMs, nowMs, i18n.language);
  if (kind === 'today' || kind === 'yesterday') return t(`fact.${kind}`, { time: clockTime(atMs) });
  return t('fact.earlier', {
    date: new Intl.DateTimeFormat(i18n.language, { day: 'numeric', month: 'long' }).format(atMs),
  });
}

/** Whole milliseconds, but 0.4 stays visible as 1: nothing answers in no time. */
function shortMs(ms: number): number {
  return Math.max(1, Math.round(ms));
}
