// The engine in words: one state at a glance, and what follows from it.
import type { TFunction } from 'i18next';
import type { EngineStatus } from '../../../contract/engine.ts';
import { modelTitle } from '../../lib/index.ts';
import type { DotTone } from '../../ui/index.ts';

export interface EngineWords {
  tone: DotTone;
  state: string;
  /** What it means for the user; empty where the state says it all. */
  about: string;
}

export interface EngineContext {
  /** Whether a question starts one that is stopped. */
  canWake: boolean;
  /** Whether Hearth could install one on this system. */
  canInstall: boolean;
}

export function describeEngine(
  engine: EngineStatus,
  { canWake, canInstall }: EngineContext,
  t: TFunction<'engine'>,
): EngineWords {
  const problem = engine.problem?.message ?? '';
  switch (engine.state) {
    case 'absent':
      return { tone: 'off', state: t('state.absent'), about: t(canInstall ? 'about.absent' : 'about.absentForGood') };
    case 'stopped':
      return { tone: 'off', state: t('state.stopped'), about: t(stoppedWord(engine, canWake)) };
    case 'starting':
      return { tone: 'live', state: t('state.starting'), about: '' };
    case 'ready':
      return { ...describeActivity(engine, t), about: '' };
    case 'restarting': {
      const { attempt, limit } = engine.restart ?? { attempt: 1, limit: 1 };
      return { tone: 'warn', state: t('state.restarting', { attempt, limit }), about: problem };
    }
    case 'stopping':
      return { tone: 'off', state: t('state.stopping'), about: '' };
    case 'failed':
      break;
  }
  return { tone: 'bad', state: t('state.failed'), about: problem };
}

function stoppedWord(engine: EngineStatus, canWake: boolean): string {
  if (engine.isHeld) return 'about.held';
  return canWake ? 'about.wakes' : 'about.stopped';
}

function describeActivity({ activity }: EngineStatus, t: TFunction<'engine'>): { tone: DotTone; state: string } {
  // Reading a model in takes the longest; that is what one waits for.
  const one = activity.find(({ type }) => type === 'loading') ?? activity[0];
  if (!one) return { tone: 'ok', state: t('state.ready') };
  return { tone: 'live', state: t(`state.${one.type}`, { model: modelTitle(one.model) }) };
}

/** A clock time, with its day when that is not today. */
export function sinceText(atMs: number, nowMs = Date.now()): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return new Intl.DateTimeFormat(
    undefined,
    isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  ).format(atMs);
}
