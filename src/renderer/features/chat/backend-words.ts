// A backend in the words of the chat: how it is, why it can't be used, whose computer it is.
import type { TFunction } from 'i18next';
import type { BackendStatus } from '../../../contract/backends.ts';
import { cannotRunHere, placeOf } from '../../lib/index.ts';
import type { DotTone } from '../../ui/index.ts';

export interface Health {
  tone: DotTone;
  word: string;
  /** Why it can't be used now, in whole sentences; null when it can. */
  problem: string | null;
}

export function healthOf(backend: BackendStatus, t: TFunction<'chat'>, nowMs = Date.now()): Health {
  const { kind, state, restsUntilMs, problem } = backend;
  if (kind === 'demo') return { tone: 'warn', word: t('health.demo'), problem: null };
  if (restsUntilMs !== null && restsUntilMs > nowMs && state !== 'off') {
    const seconds = Math.ceil((restsUntilMs - nowMs) / 1_000);
    return {
      tone: 'warn',
      word: t('health.resting'),
      problem: [t('health.restsFor', { seconds }), problem?.message].filter(Boolean).join(' '),
    };
  }
  switch (state) {
    case 'ready':
      return { tone: 'ok', word: t('health.ready'), problem: null };
    case 'asleep':
      return { tone: 'off', word: t('health.asleep'), problem: null };
    case 'starting':
      return { tone: 'live', word: t('health.starting'), problem: null };
    case 'checking':
      return { tone: 'off', word: t('health.checking'), problem: null };
    case 'unavailable':
      return {
        ...(isAbsent(backend)
          ? { tone: 'off' as const, word: t(cannotRunHere(backend) ? 'health.unavailable' : 'health.absent') }
          : { tone: 'bad' as const, word: t('health.unavailable') }),
        problem: problem?.message ?? t('health.noReason'),
      };
    case 'off':
      return { tone: 'off', word: t('health.off'), problem: t('health.offReason') };
    default:
      return state satisfies never;
  }
}

/** Nothing is wrong with an engine that was never set up, or that this computer can't have. */
function isAbsent({ problem }: BackendStatus): boolean {
  return ['ollama_not_installed', 'no_model_file', 'mlx_unavailable'].includes(problem?.code ?? '');
}

/** Null for this computer. */
export function awayPlace({ host }: BackendStatus, t: TFunction<'chat'>): string | null {
  const place = placeOf(host);
  return place === 'here' ? null : t(`place.${place}`);
}
