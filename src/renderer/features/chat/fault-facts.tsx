// What a failed answer's card tells beside its sentence: that it was asked again, who else was asked, what the engine said.
import { useTranslation } from 'react-i18next';
import type { AnswerSource } from '../../../contract/conversations.ts';
import type { ErrorCode, ErrorInfo } from '../../../contract/errors.ts';
import { clockTime } from '../../lib/index.ts';
import type { Attempt } from './attempts.ts';
import { CopyButton } from './copy-button.tsx';
import { whatHappened } from './origin.ts';

interface AskedAgainProps {
  /** Undefined where this window has not seen it. */
  attempt: Attempt | undefined;
  /** How many answers failed before. */
  failures: number;
  error: ErrorInfo;
}

/** When it was asked again, and whether something has changed. */
export function AskedAgain({ attempt, failures, error }: AskedAgainProps) {
  const { t } = useTranslation('chat');
  if (!attempt)
    return failures > 0 ? <p className="fault-fact num">{t('fault.failedBefore', { count: failures })}</p> : null;
  const { atMs, before } = attempt;
  const time = clockTime(atMs);
  const isSame = before.code === error.code && before.message === error.message;
  return (
    <p className="fault-fact num">
      {isSame ? t('fault.sameAgain', { time }) : t('fault.otherAgain', { time, reason: whatHappened(before) })}
    </p>
  );
}

/** Who was asked or passed over beside the one whose failure this is. */
export function AlsoTried({ skipped }: { skipped: AnswerSource['skipped'] }) {
  const { t } = useTranslation('chat');
  if (skipped.length === 0) return null;
  return (
    <div className="fault-fact">
      {t('fault.alsoTried')}
      <ul className="skipped">
        {skipped.map(({ kind, label, reason }) => (
          <li key={`${kind} ${label} ${reason.code}`}>
            {label}: {whatHappened(reason)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Whose details are the system's, or Hearth's own: no engine said them. */
const NOT_SAID_BY_AN_ENGINE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'internal',
  'interrupted',
  'backend_unreachable',
  'backend_connect_timeout',
  'backend_tls',
  'secret_unreadable',
  'storage_in_use',
  'storage_locked',
  'storage_read_only',
  'storage_newer',
  'storage_corrupt',
  'storage_disk_full',
  'storage_driver',
  'storage_failed',
]);

/** Folded: for whoever wants to look it up or report it. */
export function EngineWords({ error: { code, message, detail } }: { error: ErrorInfo }) {
  const { t } = useTranslation('chat');
  const words = detail?.trim() ?? '';
  if (words === '' || message.includes(words)) return null;
  return (
    <details className="engine-words">
      <summary>{t(NOT_SAID_BY_AN_ENGINE.has(code) ? 'fault.details' : 'fault.engineSaid')}</summary>
      <div className="engine-words-text">
        <pre>{words}</pre>
        <CopyButton
          text={() => words}
          label={t('code.copy')}
          copiedLabel={t('code.copied')}
          name={t('fault.copyDetails')}
        />
      </div>
    </details>
  );
}
