// Engines in words: the health of a backend's row.
import type { TFunction } from 'i18next';
import type { BackendStatus } from '../../../contract/backends.ts';
import type { DotTone } from '../../ui/index.ts';

export interface Health {
  tone: DotTone;
  word: string;
}

/** The dot and the word of a backend's row. */
export function describeHealth(backend: BackendStatus, t: TFunction<'app'>): Health {
  if (backend.kind === 'demo' && backend.state === 'ready') return { tone: 'warn', word: t('settings.row.lastResort') };
  switch (backend.state) {
    case 'ready': {
      const ms = backend.latencyMs;
      return {
        tone: 'ok',
        word: ms === null ? t('settings.row.ready') : t('settings.row.readyIn', { ms: shortMs(ms) }),
      };
    }
    case 'asleep':
      return { tone: 'off', word: t('settings.row.asleep') };
    case 'starting':
      return { tone: 'live', word: t('settings.row.starting') };
    case 'checking':
      return { tone: 'off', word: t('settings.row.checking') };
    case 'unavailable':
      return isAbsent(backend)
        ? { tone: 'off', word: t('settings.row.absent') }
        : { tone: 'bad', word: t('settings.row.unavailable') };
    case 'off':
      break;
  }
  return { tone: 'off', word: t('settings.row.off') };
}

/** Nothing is wrong with an engine that was never set up. */
export function isAbsent({ problem }: BackendStatus): boolean {
  return problem?.code === 'ollama_not_installed' || problem?.code === 'no_model_file';
}

/** Whole milliseconds, but 0.4 stays visible as 1: nothing answers in no time. */
function shortMs(ms: number): number {
  return Math.max(1, Math.round(ms));
}
