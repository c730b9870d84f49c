// Where questions are written: grows from 1 to 10 lines, Enter sends, Stop stands in Send's place while an answer runs.
import { ArrowUp } from 'lucide-react';
import type { ClipboardEvent, DragEvent, KeyboardEvent, ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/index.ts';

export interface ComposerProps {
  draft: string;
  placeholder: string;
  /** An answer runs: Stop is offered, and Enter keeps the text. */
  isRunning: boolean;
  isStopping: boolean;
  /** A question is on its way: nothing can be sent for this moment. */
  isBusy: boolean;
  /** Each new number takes the focus here. */
  focusNumber: number;
  onDraft: (text: string) => void;
  onSend: () => void;
  onStop: () => void;
  /** The model chip. */
  children: ReactNode;
}

export function Composer(props: ComposerProps) {
  const { draft, placeholder, isRunning, isStopping, isBusy, focusNumber, onDraft, onSend, onStop, children } = props;
  const { t } = useTranslation('chat');
  const field = useRef<HTMLTextAreaElement>(null);
  const canSend = draft.trim() !== '' && !isRunning && !isBusy;

  // One comes here to write, behind what is there; who comes back finds the caret where it was.
  const focused = useRef<number | null>(null);
  useEffect(() => {
    const text = field.current;
    text?.focus();
    if (focused.current === null) text?.setSelectionRange(text.value.length, text.value.length);
    focused.current = focusNumber;
  }, [focusNumber]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    // Enter that ends a word of an input method is not ours; 229 is how some of them say so.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
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

/** From here on a browser that looks for the direction of every line is felt: its time grows with the square of the text. */
const LONG_CHARS = 20_000;

/** `auto`, or for a long text the direction of its first letter. */
function directionOf(text: string): 'auto' | 'ltr' | 'rtl' {
  if (text.length <= LONG_CHARS) return 'auto';
  const [letter = ''] = /\p{L}/u.exec(text) ?? [];
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter)
    ? 'rtl'
    : 'ltr';
}

/** A text that comes at once is laid out before React hears of it: so its direction has to stand before. */
function expectText(event: ClipboardEvent<HTMLElement> | DragEvent<HTMLElement>, coming: DataTransfer): void {
  const direction = directionOf(coming.getData('text/plain'));
  if (direction !== 'auto') event.currentTarget.dir = direction;
}
