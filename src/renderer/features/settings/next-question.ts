// Where the next question goes and why, in one or two sentences.
import type { TFunction } from 'i18next';
import type { BackendsStatus, BackendStatus } from '../../../contract/backends.ts';
import type { BackendChoice } from '../../../contract/settings.ts';
import { cannotRunHere, isNobodyThere, placeOf, switchedOff } from '../../lib/index.ts';
import { isNumber, isResting, restSeconds } from './describe.ts';

export interface NextOptions {
  /** What the chat is set to. */
  choice: BackendChoice;
  nowMs: number;
}

/** For example `Next question: Ollama 0.33 on this computer: ready, 42 models.` */
export function nextQuestion(
  status: BackendsStatus,
  { choice, nowMs }: NextOptions,
  t: TFunction<'backendsPage'>,
): string {
  const { backends, chosen } = status;
  const next = backends.find(({ id }) => id === chosen.id);
  if (!next) return t('next.checking');
  const off = switchedOff(status);
  const offOnes = off.length > 0 ? t('next.switchedOff', { names: off.join(', ') }) : null;
  if (isNobodyThere(status, choice)) return [t('next.nobody'), offOnes].filter(Boolean).join(' ');
  const before = passedOver(backends, next, choice);
  const why = before
    ? t('next.why', { name: before.label, reason: reasonOf(before, t) })
    : next.kind === 'demo' && choice !== 'demo'
      ? offOnes
      : null;
  return [sentenceOf(next), modelOf(next), why].filter((part) => part !== null && part !== '').join(' ');

  function sentenceOf(backend: BackendStatus): string {
    const { kind, label, version, models, state, problem, host } = backend;
    if (isResting(backend, nowMs)) return t('next.resting', { name: label, seconds: restSeconds(backend, nowMs) });
    if (kind === 'demo') {
      return t(choice === 'demo' ? 'next.demoChosen' : 'next.demo');
    }
    switch (state) {
      case 'ready':
      case 'asleep':
      case 'starting':
        return t(`next.${state}`, {
          name: version !== null && isNumber(version) ? `${label} ${version}` : label,
          where: t(`next.where.${placeOf(host)}`),
          models: models.length > 0 ? t('next.models', { count: models.length }) : '',
        });
      case 'checking':
        return t('next.checking');
      case 'off':
        return t('next.off', { name: label });
      case 'unavailable':
        return `${t('next.nobody')} ${t('next.why', { name: label, reason: problem?.message ?? '' })}`;
      default:
        return state satisfies never;
    }
  }

  function modelOf({ kind, state }: BackendStatus): string | null {
    const isAsked = kind !== 'demo' && (state === 'ready' || state === 'asleep' || state === 'starting');
    return isAsked && chosen.model !== null ? t('next.model', { model: chosen.model }) : null;
  }
}

/** The first choice, where it could not be taken. */
function passedOver(backends: BackendStatus[], next: BackendStatus, choice: BackendChoice): BackendStatus | null {
  const first =
    choice === 'auto' ? backends.find((one) => one.standsIn && one.state !== 'off' && !cannotRunHere(one)) : null;
  const wanted = first ?? backends.find(({ id }) => id === choice);
  if (!wanted || wanted.id === next.id || wanted.state === 'checking') return null;
  return wanted;
}

function reasonOf({ state, problem }: BackendStatus, t: TFunction<'backendsPage'>): string {
  if (state === 'off') return t('health.off');
  return problem?.message ?? t('next.noModel');
}
