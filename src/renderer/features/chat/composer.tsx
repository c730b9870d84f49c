// Where questions are written: grows from 1 to 10 lines, Enter sends, Stop stands in Send's place while an answer runs; then Enter
// puts what is written in line.
import { ArrowUp } from 'lucide-react';
import type { ClipboardEvent, DragEvent, KeyboardEvent, ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/index.ts';
import { LongDraft } from './long-draft.tsx';
import { isLong, joinLong, splitLong } from './long-text.ts';
import { directionOf } from './text-direction.ts';

export interface ComposerProps {
  draft: string;
  placeholder: string;
  /** An answer runs: Stop is offered, and what is sent waits behind it. */
  isRunning: boolean;
  isStopping: boolean;
  /** Each new number takes the focus here. */
  focusNumber: number;
  onDraft: (text: string) => void;
  onSend: () => void;
  onStop: () => void;
  /** What stood beside the field was taken out. */
  onLongRemoved: (text: string) => void;
  /** ArrowUp in the empty field; null where nothing can be changed. */
  onEditLast: (() => void) | null;
  /** The model chip. */
  children: ReactNode;
}

export function Composer(props: ComposerProps) {
  const { draft, placeholder, isRunning, isStopping, focusNumber, children } = props;
  const { onDraft, onSend, onStop, onLongRemoved, onEditLast } = props;
  const { t } = useTranslation('chat');
  const field = useRef<HTMLTextAreaElement>(null);
  const [lastTyped, setTyped] = useState('');
  const { typed, beside } = splitLong(draft, lastTyped);
  const canSend = draft.trim() !== '';

  // One comes here to write, behind what is there; who comes back finds the caret where it was.
  const focused = useRef<number | null>(null);
  useEffect(() => {
    const text = field.current;
    text?.focus();
    if (focused.current === null) text?.setSelectionRange(text.value.length, text.value.length);
    focused.current = focusNumber;
  }, [focusNumber]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey || isComposing(event)) return;
    if (event.key === 'ArrowUp' && draft === '' && onEditLast) {
      event.preventDefault();
      onEditLast();
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (canSend) onSend();
  };
  const change = (text: string, long = beside) => {
    setTyped(text);
    onDraft(joinLong(text, long));
  };
  const take = (event: ClipboardEvent<HTMLElement> | DragEvent<HTMLElement>, coming: DataTransfer) => {
    const text = coming.getData('text/plain');
    if (!isLong(text)) {
      expectText(event, text);
      return;
    }
    event.preventDefault();
    change(typed, joinLong(beside, text));
  };
  const removeLong = () => {
    change(typed, '');
    onLongRemoved(beside);
    field.current?.focus();
  };
  // The button was clicked; the next question is typed.
  const then = (run: () => void) => () => {
    run();
    field.current?.focus();
  };

  return (
    <div className="composer" onClick={(event) => event.target === event.currentTarget && field.current?.focus()}>
      {beside === '' ? null : <LongDraft text={beside} onRemove={removeLong} />}
      <textarea
        ref={field}
        className="text"
        rows={1}
        dir={directionOf(typed)}
        aria-label={t('composer.label')}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => take(event, event.clipboardData)}
        onDrop={(event) => take(event, event.dataTransfer)}
      />
      <div className="tools">
        {children}
        <span className="grow" />
        {isRunning && canSend ? (
          <IconButton
            size="lg"
            icon={ArrowUp}
            label={t('composer.putInLine')}
            shortcut="Enter"
            onClick={then(onSend)}
          />
        ) : null}
        {isRunning ? (
          <IconButton
            size="lg"
            variant="solid"
            label={t('composer.stop')}
            shortcut="Escape"
            disabled={isStopping}
            onClick={then(onStop)}
          >
            <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
              <rect width="10" height="10" rx="2" fill="currentColor" />
            </svg>
          </IconButton>
        ) : (
          <IconButton
            size="lg"
            variant="solid"
            icon={ArrowUp}
            label={t('composer.send')}
            shortcut="Enter"
            disabled={!canSend}
            onClick={then(onSend)}
          />
        )}
      </div>
    </div>
  );
}

/** A text that comes at once is laid out before React hears of it: so its direction has to stand before. */
function expectText(event: ClipboardEvent<HTMLElement> | DragEvent<HTMLElement>, coming: string): void {
  const direction = directionOf(coming);
  if (direction !== 'auto') event.currentTarget.dir = direction;
}

/** Whether a key belongs to an input method; 229 is how some of them say so. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}
