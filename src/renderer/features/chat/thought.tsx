// What the model thought before it wrote: one quiet line that opens.
import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dot, Icon } from '../../ui/index.ts';
import { useSeconds } from './use-seconds.ts';

export interface ThoughtProps {
  text: string;
  /** While it is being thought: since when, where this window saw it begin. */
  live: { sinceMs: number | null } | null;
  /** How long it took; null where this window did not see it. */
  durationMs: number | null;
}

export function Thought({ text, live, durationMs }: ThoughtProps) {
  const { t } = useTranslation('chat');
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const seconds = useSeconds(live?.sinceMs ?? null);
  const words = live
    ? seconds < 1
      ? t('thought.live')
      : t('thought.liveFor', { seconds })
    : durationMs === null
      ? t('thought.done')
      : t('thought.doneFor', { seconds: Math.max(1, Math.round(durationMs / 1_000)) });
  return (
    <>
      <button
        type="button"
        className="thought num"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon icon={ChevronRight} size={14} />
        {live ? <Dot tone="live" /> : null}
        {words}
      </button>
      <div id={id} className={live ? 'thought-text is-streaming' : 'thought-text'} hidden={!isOpen}>
        {isOpen ? text : null}
      </div>
    </>
  );
}
