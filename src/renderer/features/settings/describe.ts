// Engines in words: the health of a row, and the two lines at the foot of the sidebar.
import type { TFunction } from 'i18next';
import type { BackendsStatus, BackendStatus, QueueStatus } from '../../../contract/backends.ts';
import type { BackendChoice } from '../../../contract/settings.ts';
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

export interface EngineLines {
  tone: DotTone;
  first: string;
  second: string;
}

/**
 * What the foot of the sidebar says about the engine that answers the next question.
 *
 * @param choice what the user set: decides whether the demo is a choice or a last resort
 */
export function describeEngine(
  status: BackendsStatus | null,
  queue: QueueStatus | null,
  choice: BackendChoice | null,
  t: TFunction<'app'>,
): EngineLines {
  if (!status) return { tone: 'off', first: t('engine.looking'), second: '' };
  const { chosen } = status;
  const backend = status.backends.find((one) => one.kind === chosen.kind);
  const busy = queue?.lanes.find((lane) => lane.running > 0);
  const waiting = queue?.lanes.reduce((sum, lane) => sum + lane.waiting, 0) ?? 0;
  const about = [chosen.model, backend?.host].filter(Boolean).join(' · ');

  if (busy) {
    // A lane is named after the kind of its engine, for example `ollama:127.0.0.1:11434`.
    const kind = busy.lane.split(':')[0];
    const writer = status.backends.find((one) => one.kind === kind);
    const what = !writer || writer.kind === chosen.kind ? about : (writer.host ?? '');
    const second = waiting > 0 ? t('engine.waiting', { count: waiting }) : what;
    return { tone: 'live', first: t('engine.answering', { label: writer?.label ?? chosen.label }), second };
  }
  if (chosen.kind === 'demo') return { tone: 'warn', first: t('engine.demo'), second: demoReason(status, choice, t) };

  const { label } = chosen;
  switch (backend?.state) {
    case 'ready':
      return { tone: 'ok', first: t('engine.ready', { label }), second: about || t('engine.noModel') };
    case 'asleep': {
      const second = [chosen.model, t('engine.startsWhenAsked')].filter(Boolean).join(' · ');
      return { tone: 'off', first: t('engine.asleep', { label }), second };
    }
    case 'starting':
      return { tone: 'live', first: t('engine.starting', { label }), second: about };
    case 'checking':
      return { tone: 'off', first: t('engine.checking', { label }), second: about };
    case 'unavailable':
    case 'off':
    case undefined:
      break;
  }
  const second = backend?.problem?.message ?? t('engine.none');
  return { tone: 'bad', first: t('engine.unavailable', { label }), second };
}

function demoReason(status: BackendsStatus, choice: BackendChoice | null, t: TFunction<'app'>): string {
  if (choice === 'demo') return t('engine.demoChosen');
  const failed = status.backends.find((one) => one.kind !== 'demo' && one.problem !== null);
  return failed?.problem?.message ?? t('engine.demoReason');
}

/** Whole milliseconds, but 0.4 stays visible as 1: nothing answers in no time. */
function shortMs(ms: number): number {
  return Math.max(1, Math.round(ms));
}
