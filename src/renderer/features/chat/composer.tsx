// Where questions are written: grows from 1 to 10 lines, Enter sends, Stop stands in Send's place while an answer runs; then Enter
// puts what is written in line.
import { ArrowUp } from 'lucide-react';
import type { ClipboardEvent, DragEvent, KeyboardEvent, ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/index.ts';
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
  /** ArrowUp in the empty field; null where nothing can be changed. */
  onEditLast: (() => void) | null;
  /** The model chip. */
  children: ReactNode;
}

export function Composer(props: ComposerProps) {
  const { draft, placeholder, isRunning, isStopping, focusNumber, onDraft, onSend, onStop, onEditLast, children } =
    props;
  const { t } = useTranslation('chat');
  const field = useRef<HTMLTextAreaElement>(null);
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
  // The button was clicked; the next question is typed.
  const then = (run: () => void) => () => {
    run();
    field.current?.focus();
  };

  return (
    <div className="composer" onClick={(event) => event.target === event.currentTarget && field.current?.focus()}>
      <textarea
        ref={field}
        className="text"
        rows={1}
        dir={directionOf(draft)}
        aria-label={t('composer.label')}
        placeholder={placeholder}
        value={draft}
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => expectText(event, event.clipboardData)}
        onDrop={(event) => expectText(event, event.dataTransfer)}
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
function expectText(event: ClipboardEvent<HTMLElement> | DragEvent<HTMLElement>, coming: DataTransfer): void {
  const direction = directionOf(coming.getData('text/plain'));
  if (direction !== 'auto') event.currentTarget.dir = direction;
}

/** Whether a key belongs to an input method; 229 is how some of them say so. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}
