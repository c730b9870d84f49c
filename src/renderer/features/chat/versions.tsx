// The switcher between the versions of an answer, how it is told, and the keys for it.
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageVersion } from '../../../contract/conversations.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { Dot, IconButton } from '../../ui/index.ts';
import { isRunning } from './store-state.ts';

/** To the version before or after. */
export const STEP_KEYS = [
  ['Alt+ArrowLeft', -1],
  ['Alt+ArrowRight', 1],
] as const;

export interface VersionsProps {
  shown: MessageId;
  versions: readonly MessageVersion[];
  /** Nothing can be chosen while a question is on its way. */
  isHeld: boolean;
  onStep: (by: -1 | 1) => void;
}

export function Versions({ shown, versions, isHeld, onStep }: VersionsProps) {
  const { t } = useTranslation('chat');
  const at = versions.findIndex(({ id }) => id === shown);
  const count = versions.length;
  const running = versions.flatMap((version, index) => (index !== at && isRunning(version) ? [index + 1] : []));
  const step = (by: -1 | 1) => ({
    by,
    isOff: isHeld || (by < 0 ? at <= 0 : at >= count - 1),
    onStep,
  });
  return (
    <div className="branch-row">
      <span className="branch" role="group" aria-label={t('versions.name', { number: at + 1, count })}>
        <Step {...step(-1)} icon={ChevronLeft} label={t('versions.before')} />
        <span className="num" aria-hidden="true">
          {at + 1}/{count}
        </span>
        <Step {...step(1)} icon={ChevronRight} label={t('versions.after')} />
      </span>
      {running.length === 0 ? null : (
        <span className="branch-running">
          <Dot tone="live" />
          {t('versions.running', { count: running.length, number: running[0] })}
        </span>
      )}
    </div>
  );
}

interface StepProps {
  by: -1 | 1;
  icon: LucideIcon;
  label: string;
  isOff: boolean;
  onStep: (by: -1 | 1) => void;
}

/** At the first and the last one it keeps the focus and does nothing. */
function Step({ by, icon, label, isOff, onStep }: StepProps) {
  const [shortcut] = STEP_KEYS[by < 0 ? 0 : 1];
  return (
    <IconButton
      size="sm"
      icon={icon}
      label={label}
      shortcut={shortcut}
      aria-disabled={isOff || undefined}
      onClick={isOff ? undefined : () => onStep(by)}
    />
  );
}
