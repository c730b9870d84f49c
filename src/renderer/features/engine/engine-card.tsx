// The engine at a glance: how it is, who runs it, where, and what can be done about it.
import { CircleAlert, Copy, Ellipsis, Play, RotateCw, ScrollText, Square, Zap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { EngineStatus } from '../../../contract/engine.ts';
import { asErrorInfo, copyText, getClient, placeOf } from '../../lib/index.ts';
import type { MenuEntry } from '../../ui/index.ts';
import { Badge, Button, Dot, Fault, IconButton, Menu, showToast } from '../../ui/index.ts';
import type { EngineContext } from './describe.ts';
import { describeEngine, sinceText } from './describe.ts';
import type { Action } from './use-action.ts';
import { useAction } from './use-action.ts';
import { useSecondsUntil } from './use-seconds-until.ts';

export interface EngineCardProps extends EngineContext {
  engine: EngineStatus;
  onSeeLog: () => void;
}

export function EngineCard({ engine, canWake, canInstall, onSeeLog }: EngineCardProps) {
  const { t } = useTranslation('engine');
  const action = useAction();
  const { tone, state, about } = describeEngine(engine, { canWake, canInstall }, t);
  const isOther = engine.owner === 'other';
  const hasTrouble = engine.state === 'failed' || engine.state === 'restarting';
  // The status tells the same once the attempt has ended.
  const failure = action.failure?.message === engine.problem?.message ? null : action.failure;
  return (
    <section className="card" aria-label={t('card.label')}>
      <div className="engine-top">
        <Dot tone={tone} />
        <div className="grow">
          <div className="row flex-wrap gap-2">
            <b className={tone === 'bad' ? 'text-danger-ink' : ''} role="status">
              {state}
            </b>
            <Countdown atMs={engine.state === 'restarting' ? (engine.restart?.atMs ?? null) : null} />
            <Owner engine={engine} />
          </div>
          {about && !hasTrouble ? <p className="mt-0.5 text-13 text-ink-3">{about}</p> : null}
          {isOther ? <p className="mt-0.5 text-13 text-ink-3">{t('about.other')}</p> : null}
        </div>
        {isOther ? null : <Controls engine={engine} action={action} />}
      </div>
      {hasTrouble ? <Trouble engine={engine} about={about} onSeeLog={onSeeLog} /> : null}
      {failure ? (
        <div className="engine-part">
          <Fault role="alert">{failure.message}</Fault>
        </div>
      ) : null}
      <Facts engine={engine} />
    </section>
  );
}

/** Outside the live region: it changes each second. */
function Countdown({ atMs }: { atMs: number | null }) {
  const { t } = useTranslation('engine');
  const seconds = useSecondsUntil(atMs);
  if (atMs === null || seconds === 0) return null;
  return <span className="num text-13 text-ink-3">{t('state.inSeconds', { seconds })}</span>;
}

function Owner({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation('engine');
  if (engine.owner === 'none') return null;
  const place = placeOf(engine.host);
  return (
    <>
      <Badge size="sm">{t(`owner.${engine.owner}`)}</Badge>
      {place === 'here' ? null : (
        <Badge size="sm" tone="away">
          {t(`place.${place}`)}
        </Badge>
      )}
    </>
  );
}

function Controls({ engine, action }: { engine: EngineStatus; action: Action }) {
  const { t } = useTranslation('engine');
  const { run, isBusy } = action;
  const client = getClient;
  const canStart = engine.state === 'stopped' || engine.state === 'failed' || engine.state === 'restarting';
  const canStop = engine.state === 'ready' || engine.state === 'starting' || engine.state === 'restarting';
  const more: MenuEntry[] = [];
  if (engine.host !== null) {
    const { host } = engine;
    more.push({ id: 'copy', label: t('action.copyAddress'), icon: Copy, run: () => void copyAddress(host, t) });
  }
  if (engine.pid !== null) {
    if (more.length > 0) more.push({ type: 'rule', id: 'rule' });
    more.push({
      id: 'kill',
      label: t('action.kill'),
      icon: Zap,
      tone: 'danger',
      run: () => atOnce(() => client().engine.kill()),
    });
  }
  return (
    <div className="row flex-none gap-2">
      {canStart ? (
        <Button icon={Play} isBusy={isBusy} onClick={() => run(() => client().engine.start())}>
          {t(engine.state === 'restarting' ? 'action.startNow' : 'action.start')}
        </Button>
      ) : null}
      {engine.state === 'ready' ? (
        <Button icon={RotateCw} isBusy={isBusy} onClick={() => run(() => client().engine.restart())}>
          {t('action.restart')}
        </Button>
      ) : null}
      {canStop ? (
        <Button icon={Square} onClick={() => atOnce(() => client().engine.stop())}>
          {t('action.stop')}
        </Button>
      ) : null}
      {more.length > 0 ? (
        <Menu
          label={t('action.more')}
          align="end"
          trigger={<IconButton size="lg" icon={Ellipsis} label={t('action.more')} />}
          entries={more}
        />
      ) : null}
    </div>
  );
}

/** Never held up by another action: a start under way is no reason not to end it. */
function atOnce(work: () => Promise<unknown>): void {
  work().catch((error: unknown) => showToast({ text: asErrorInfo(error).message, icon: CircleAlert }));
}

async function copyAddress(host: string, t: (key: string) => string): Promise<void> {
  const isDone = await copyText(`http://${host}`);
  showToast({ text: t(isDone ? 'action.copied' : 'action.copyFailed'), icon: isDone ? Copy : CircleAlert });
}

function Trouble({ engine, about, onSeeLog }: { engine: EngineStatus; about: string; onSeeLog: () => void }) {
  const { t } = useTranslation('engine');
  return (
    <div className="engine-part">
      {about ? <p className="max-w-[76ch] text-13 text-ink-2">{about}</p> : null}
      {engine.lastLines.length > 0 ? (
        <details className="mt-2 text-12 text-ink-3">
          <summary className="w-fit">{t('card.lastLines')}</summary>
          <pre className="mono mt-2 max-h-[220px] overflow-auto rounded-md bg-sunken p-3 break-words whitespace-pre-wrap text-ink-2 select-text">
            {engine.lastLines.join('\n')}
          </pre>
        </details>
      ) : null}
      <Button className="mt-2 -ml-2.5" size="sm" variant="ghost" icon={ScrollText} onClick={onSeeLog}>
        {t('action.seeLog')}
      </Button>
    </div>
  );
}

function Facts({ engine }: { engine: EngineStatus }) {
  const { t } = useTranslation('engine');
  const facts: [string, string | null][] = [
    ['address', engine.host],
    ['version', engine.version],
    ['since', engine.startedAtMs === null ? null : sinceText(engine.startedAtMs)],
    ['process', engine.pid === null ? null : String(engine.pid)],
    ['program', engine.program],
  ];
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== null);
  if (known.length === 0) return null;
  return (
    <dl className="engine-facts">
      {known.map(([name, value]) => (
        <div key={name} className={name === 'program' ? 'is-wide' : ''}>
          <dt>{t(`fact.${name}`)}</dt>
          <dd className="num select-text">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
