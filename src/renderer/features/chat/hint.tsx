// The line under the composer: whose computer answers, and how to send or stop.
import type { TFunction } from 'i18next';
import { Trans, useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { AnswerSource, ChatChoice } from '../../../contract/conversations.ts';
import { hostName, isNobodyThere, isThisComputer } from '../../lib/index.ts';
import { awayHosts, canAnswer, nextOf, standInOf } from './choice.ts';
import type { Rules } from './choice.ts';

const KEY = <kbd />;

/** How to send: under the composer of a new chat. */
export function KeysHint() {
  const { t } = useTranslation('chat');
  return (
    <p className="hint">
      <Trans t={t} i18nKey="hint.keys" components={{ 1: KEY, 2: KEY, 3: KEY }} />
    </p>
  );
}

const ENTER_KEYS = { answer: 'hint.behindAnswer', line: 'hint.behindLine', change: 'hint.changing' } as const;

export interface HintProps {
  /** Null until main has told. */
  status: BackendsStatus | null;
  /** The chat's own; null where the settings decide. */
  choice: ChatChoice | null;
  rules: Rules;
  /** The answer that runs; its source is null while it waits. */
  running: { source: AnswerSource | null } | null;
  /**
   * What Enter does now: the message comes behind the running answer or the messages in line, or one of these is kept as it
   * was changed. Null when it is asked at once, or nothing is written.
   */
  enter: keyof typeof ENTER_KEYS | null;
}

export function Hint({ status, choice, rules, running, enter }: HintProps) {
  const { t } = useTranslation('chat');
  if (enter) {
    return (
      <p className="hint">
        <Trans t={t} i18nKey={ENTER_KEYS[enter]} components={{ 1: KEY, 2: KEY }} />
      </p>
    );
  }
  if (running) {
    const host = running.source?.host ?? null;
    const key = !running.source ? 'hint.runningQueued' : isThisComputer(host) ? 'hint.running' : 'hint.runningRemote';
    return (
      <p className="hint">
        <Trans t={t} i18nKey={key} values={{ host: host === null ? '' : hostName(host) }} components={{ 1: KEY }} />
      </p>
    );
  }
  return <p className="hint">{status ? restingWords({ status, choice, rules }, t) : ' '}</p>;
}

/** Whose computer answers the next question; also who may stand in, when that is another one. */
function restingWords(
  { status, choice, rules }: Omit<HintProps, 'running' | 'enter' | 'status'> & { status: BackendsStatus },
  t: TFunction<'chat'>,
) {
  const next = nextOf(status, choice);
  const { backend, kind } = next;
  if (!next.isOwn && isNobodyThere(status, rules?.backend ?? null)) return t('hint.allOff');
  if (kind === 'demo') return t('hint.demo');
  if (!backend || !canAnswer(backend)) {
    const label = next.label || t('model.removed');
    const standIn = standInOf(status, choice, rules);
    if (!standIn) return t('hint.nobody', { label });
    const { host } = standIn;
    if (!isThisComputer(host)) return t('hint.standInAway', { label, host: hostName(host ?? '') });
    return t(standIn.kind === 'demo' ? 'hint.standInDemo' : 'hint.standIn', { label, other: standIn.label });
  }
  const { host } = backend;
  if (host !== null && !isThisComputer(host)) return t('hint.remote', { host: hostName(host) });
  const away = awayHosts(status, choice, rules);
  return away.length === 0 ? t('hint.local') : t('hint.localFirst', { hosts: away.join(', ') });
}
