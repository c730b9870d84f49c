// A message in line while it is changed: Enter keeps it, Esc leaves it as it was. Main asks nothing of the line meanwhile.
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { LineId } from '../../../contract/ids.ts';
import type { InLine } from '../../../contract/line.ts';
import { getClient, watch } from '../../lib/index.ts';
import { isComposing } from './composer.tsx';
import { directionOf } from './text-direction.ts';

export interface InLineFieldProps {
  message: InLine;
  /** False when it could not be kept: then it stays open. */
  onKeep: (message: InLine, text: string) => Promise<boolean>;
  onCancel: (id: LineId) => void;
  /** The field has gone while it held words that nobody kept or gave up. */
  onLost: (message: InLine, text: string) => void;
}

export function InLineField({ message, onKeep, onCancel, onLost }: InLineFieldProps) {
  const { t } = useTranslation('chat');
  const [text, setText] = useState(message.text);
  const field = useRef<HTMLTextAreaElement>(null);
  useHold(message);

  useEffect(() => {
    const length = field.current?.value.length ?? 0;
    field.current?.focus();
    field.current?.setSelectionRange(length, length);
  }, []);

  /** Kept or given up: nothing is left to be lost. */
  const isOver = useRef(false);
  const words = useRef({ message, text, onLost });
  useEffect(() => {
    words.current = { message, text, onLost };
  });
  useEffect(
    () => () => {
      const last = words.current;
      if (!isOver.current && last.text !== last.message.text) last.onLost(last.message, last.text);
    },
    [],
  );

  const keep = async () => {
    if (isOver.current) return;
    isOver.current = true;
    if (!(await onKeep(message, text))) isOver.current = false;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Escape') {
      // Here it stops no answer.
      event.preventDefault();
      isOver.current = true;
      onCancel(message.id);
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void keep();
  };

  return (
    <textarea
      ref={field}
      className="in-line-field"
      rows={1}
      dir={directionOf(text)}
      aria-label={t('line.field')}
      aria-description={t('line.fieldKeys')}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      // Who goes on elsewhere in the window has finished; who only looks at another program has not.
      onBlur={() => document.hasFocus() && void keep()}
    />
  );
}

/** Keeps main from asking it, as long as this is on the screen; a window that goes lets go. */
function useHold({ id, conversationId }: InLine): void {
  useEffect(() => {
    const life = new AbortController();
    void watch(
      (options) => getClient().line.hold({ id, conversationId }, options),
      () => undefined,
      { signal: life.signal },
    );
    return () => life.abort();
  }, [id, conversationId]);
}
