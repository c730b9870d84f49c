// The two lines at the foot of the sidebar: what answers the next question, how it is, and what is on its way.
import type { TFunction } from 'i18next';
import type { BackendsStatus, BackendStatus, QueueStatus } from '../../contract/backends.ts';
import type { Download } from '../../contract/downloads.ts';
import type { EngineStatus, InstallStatus } from '../../contract/engine.ts';
import type { InstalledModel } from '../../contract/models.ts';
import type { BackendChoice } from '../../contract/settings.ts';
import { causeText, isMoving } from '../features/models/index.ts';
import { bytesText, cannotRunHere, isNobodyThere, modelTitle, switchedOff } from '../lib/index.ts';
import type { DotTone } from '../ui/index.ts';

export interface FootLines {
  tone: DotTone;
  first: string;
  second: string;
}

/** What main has told; null where it has not yet. */
export interface FootFacts {
  /** Decides whether the demo is a choice or a last resort. */
  choice: BackendChoice | null;
  backends: BackendsStatus | null;
  queue: QueueStatus | null;
  engine: EngineStatus | null;
  install: InstallStatus | null;
  installed: InstalledModel[] | null;
  downloads: Download[] | null;
  nowMs: number;
}

type Words = TFunction<'app'>;

export function footLines(facts: FootFacts, t: Words): FootLines {
  const { backends } = facts;
  if (!backends) return { tone: 'off', first: t('engine.looking'), second: '' };
  const busy = busyLines(facts, backends, t);
  if (busy) return busy;
  const { chosen } = backends;
  const arriving = arrivingLine(facts, t);
  if (isNobodyThere(backends, facts.choice)) {
    return {
      tone: 'bad',
      first: t('engine.nobody'),
      second: arriving ?? restingLine(facts, t) ?? offOnes(backends, t) ?? t('engine.none'),
    };
  }
  if (chosen.kind === 'demo') {
    return {
      tone: 'warn',
      first: t('engine.demo'),
      second: arriving ?? restingLine(facts, t) ?? demoReason(backends, facts.choice, t),
    };
  }
  const own = chosen.kind === 'ollama' ? ownEngineLines(facts.engine, chosen.label, t) : null;
  if (own) return own;

  const { label } = chosen;
  const backend = backends.backends.find((one) => one.id === chosen.id);
  const model = chosen.model === null ? null : modelTitle(chosen.model);
  const about = [model, backend?.host].filter(Boolean).join(' · ');
  const isResting = backend != null && backend.restsUntilMs !== null && backend.restsUntilMs > facts.nowMs;
  if (isResting && backend.state !== 'off') {
    return { tone: 'warn', first: t('engine.resting', { label }), second: arriving ?? t('engine.askedAgain') };
  }
  switch (backend?.state) {
    case 'ready': {
      const second = arriving ?? inMemory(facts, chosen.model, t) ?? (about || t('engine.noModel'));
      return { tone: 'ok', first: t('engine.ready', { label }), second };
    }
    case 'asleep': {
      const second = arriving ?? [model, t('engine.startsWhenAsked')].filter(Boolean).join(' · ');
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
  const second = arriving ?? backend?.problem?.message ?? t('engine.none');
  return { tone: 'bad', first: t('engine.unavailable', { label }), second };
}

/** Somebody reads a model or writes an answer. */
function busyLines({ queue, engine }: FootFacts, backends: BackendsStatus, t: Words): FootLines | null {
  const lane = queue?.lanes.find((one) => one.running > 0);
  const activity = engine?.activity.find((one) => one.type === 'loading') ?? engine?.activity[0];
  if (!lane && !activity) return null;
  // A lane is named after the kind and the host of its engine, for example `ollama:127.0.0.1:11434`.
  const [kind, ...host] = lane ? lane.lane.split(':') : ['ollama'];
  const ofKind = backends.backends.filter((one) => one.kind === kind);
  const writer = ofKind.find((one) => one.host === host.join(':')) ?? ofKind[0];
  const label = writer?.label ?? backends.chosen.label;
  const doing = kind === 'ollama' ? activity : undefined;
  const waiting = queue?.lanes.reduce((sum, one) => sum + one.waiting, 0) ?? 0;
  const second = waiting > 0 ? t('engine.waiting', { count: waiting }) : whatWrites(writer, backends, doing?.model);
  if (doing?.type === 'loading') {
    return { tone: 'live', first: t('engine.loading', { label }), second };
  }
  return { tone: 'live', first: t('engine.answering', { label }), second };
}

function whatWrites(
  writer: BackendStatus | undefined,
  { chosen }: BackendsStatus,
  activeModel: string | undefined,
): string {
  const model = activeModel ?? (writer?.kind === chosen.kind ? chosen.model : null);
  return [model === null ? null : modelTitle(model), writer?.host].filter(Boolean).join(' · ');
}

/** What Hearth's own child says of itself, where that is more than the look from outside. */
function ownEngineLines(engine: EngineStatus | null, label: string, t: Words): FootLines | null {
  if (!engine || engine.owner === 'other') return null;
  const problem = engine.problem?.message ?? '';
  switch (engine.state) {
    case 'restarting': {
      const { attempt, limit } = engine.restart ?? { attempt: 1, limit: 1 };
      return {
        tone: 'warn',
        first: t('engine.restarting', { label }),
        second: t('engine.attempt', { attempt, limit }),
      };
    }
    case 'failed':
      return { tone: 'bad', first: t('engine.failed', { label }), second: problem || t('engine.none') };
    case 'stopping':
      return { tone: 'off', first: t('engine.stopping', { label }), second: '' };
    case 'stopped':
      if (!engine.isHeld) return null;
      return { tone: 'off', first: t('engine.stopped', { label }), second: t('engine.held') };
    case 'absent':
    case 'starting':
    case 'ready':
      break;
  }
  return null;
}

const INSTALLING: ReadonlySet<InstallStatus['state']> = new Set(['looking', 'verifying', 'unpacking', 'testing']);

/** What is being fetched right now: Ollama itself, else a model. */
function arrivingLine({ install, downloads }: FootFacts, t: Words): string | null {
  if (install?.state === 'downloading') {
    const isStalled = install.retryAtMs !== null;
    return t(isStalled ? 'engine.installStalled' : 'engine.installing', { percent: installPercent(install) });
  }
  if (install && INSTALLING.has(install.state)) return t('engine.installingSoon');
  const download = downloads?.find((one) => one.state === 'running' || one.state === 'stalled');
  if (!download) return null;
  if (download.state === 'stalled') return withCause('downloadStalled', download, t);
  return t(isMoving(download) ? 'engine.downloading' : 'engine.downloadSilent', valuesOf(download));
}

/** What would be fetched and is not under way: told where an answer waits for it. */
function restingLine({ choice, install, downloads }: FootFacts, t: Words): string | null {
  if (choice === 'demo') return null;
  if (install?.state === 'failed') return t('engine.installStopped');
  if (install?.state === 'paused') return t('engine.installPaused', { percent: installPercent(install) });
  const open = downloads?.filter(({ state }) => state !== 'done') ?? [];
  const failed = open.find(({ state }) => state === 'failed');
  if (failed) return withCause('downloadStopped', failed, t);
  const [next] = open;
  if (!next) return null;
  return t(next.state === 'paused' ? 'engine.downloadPaused' : 'engine.downloadWaits', valuesOf(next));
}

function withCause(word: 'downloadStalled' | 'downloadStopped', download: Download, t: Words): string {
  const cause = causeText(download);
  const values = valuesOf(download);
  return cause === null ? t(`engine.${word}`, values) : t(`engine.${word}By`, { ...values, cause });
}

function valuesOf({ model, progress }: Download): { model: string; percent: number } {
  return { model: modelTitle(model), percent: Math.floor(progress * 100) };
}

function installPercent({ totalBytes, receivedBytes }: InstallStatus): number {
  return totalBytes ? Math.floor((receivedBytes / totalBytes) * 100) : 0;
}

function inMemory({ installed }: FootFacts, asked: string | null, t: Words): string | null {
  const one = installed?.find(
    ({ name, engine }) => engine === 'ollama' && (name === asked || name === `${asked}:latest`),
  );
  if (!one?.loaded) return null;
  const { sizeBytes } = one.loaded;
  const model = modelTitle(one.name);
  return sizeBytes === null
    ? t('engine.inMemoryUnsized', { model })
    : t('engine.inMemory', { model, size: bytesText(sizeBytes) });
}

function demoReason(status: BackendsStatus, choice: BackendChoice | null, t: Words): string {
  if (choice === 'demo') return t('engine.demoChosen');
  const failed = status.backends.find((one) => one.kind !== 'demo' && one.problem !== null && !cannotRunHere(one));
  return failed?.problem?.message ?? offOnes(status, t) ?? t('engine.demoReason');
}

/** What a switch would bring back; null where nothing is off. */
function offOnes(status: BackendsStatus, t: Words): string | null {
  const names = switchedOff(status);
  return names.length > 0 ? t('engine.switchedOff', { names: names.join(', ') }) : null;
}
