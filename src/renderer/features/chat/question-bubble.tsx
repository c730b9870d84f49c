// What the reader asked: a bubble at the right, the text as it was typed.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Emotion } from '../../../contract/conversations.ts';
import { CopyIconButton } from './copy-button.tsx';
import { QuestionDetails } from './question-details.tsx';

/** Beyond this many lines only what is in view is laid out: megabytes would stop the window for seconds. */
const LINES_AT_ONCE = 500;
/** As many as a stretch is high in `.bubble-stretch` before it has been laid out. */
const LINES_PER_STRETCH = 100;

export interface QuestionBubbleProps {
  text: string;
  isPending?: boolean;
  /** Its tone, once it was judged. */
  emotion?: Emotion | undefined;
}

export function QuestionBubble({ text, isPending = false, emotion }: QuestionBubbleProps) {
  const { t } = useTranslation('chat');
  const stretches = useMemo(() => stretchesOf(text), [text]);
  return (
    <article className="msg user" aria-label={isPending ? t('question.sending') : t('question.name')}>
      <div className={stretches.length > 1 ? 'bubble is-long' : 'bubble'} dir="auto">
        {stretches.length === 1
          ? text
          : stretches.map((stretch, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- a question never changes
              <div key={index} className="bubble-stretch">
                {stretch}
              </div>
            ))}
      </div>
      {isPending ? null : (
        <div className="user-acts">
          {emotion ? <QuestionDetails emotion={emotion} /> : null}
          <CopyIconButton size="sm" text={() => text} label={t('question.copy')} copiedLabel={t('footer.copied')} />
        </div>
      )}
    </article>
  );
}

/** A long text in pieces of whole lines, without the break between two; none ends with a blank line, which would vanish. */
function stretchesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.length <= LINES_AT_ONCE) return [text];
  const stretches: string[] = [];
  let from = 0;
  for (const [at, line] of lines.entries()) {
    const isEnough = at - from + 1 >= LINES_PER_STRETCH && line !== '';
    if (!isEnough && at < lines.length - 1) continue;
    stretches.push(lines.slice(from, at + 1).join('\n'));
    from = at + 1;
  }
  return stretches;
}
