// The line under the composer: whose computer answers, and how to send or stop.
import type { TFunction } from 'i18next';
import { Trans, useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { AnswerSource } from '../../../contract/conversations.ts';
import { hostName, isThisComputer } from '../../lib/index.ts';
import { chosenBackend } from './origin.ts';

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

export interface HintProps {
  /** Null until main has told. */
  status: BackendsStatus | null;
  /** The answer that runs; its source is null while it waits. */
  running: { source: AnswerSource | null } | null;
}

export function Hint({ status, running }: HintProps) {
  const { t } = useTranslation('chat');
  if (running) {
    const host = running.source?.host ?? null;
    const key = !running.source ? 'hint.runningQueued' : isThisComputer(host) ? 'hint.running' : 'hint.runningRemote';
    return (
      <p className="hint">
        <Trans t={t} i18nKey={key} values={{ host: host === null ? '' : hostName(host) }} components={{ 1: KEY }} />
      </p>
    );
  }
  return <p className="hint">{status ? restingWords(status, t) : ' '}</p>;
}

function restingWords(status: BackendsStatus, t: TFunction<'chat'>): string {
  if (status.chosen.kind === 'demo') return t('hint.demo');
  const host = chosenBackend(status)?.host ?? null;
  return host === null || isThisComputer(host) ? t('hint.local') : t('hint.remote', { host: hostName(host) });
}
