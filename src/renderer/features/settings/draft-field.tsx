// A field whose text counts once it is left or Enter is pressed, when it makes sense; Esc puts back what was there.
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Field } from '../../ui/index.ts';

export interface DraftFieldProps {
  /** The accessible name, unless `labelledBy` names the element that gives it. */
  label?: string;
  labelledBy?: string;
  /** The element that says what it is for. */
  describedBy?: string | undefined;
  /** What is saved, as text. */
  value: string;
  placeholder?: string;
  /** The sentence against a text, or null when it can be saved. */
  check: (text: string) => string | null;
  /** Called with a trimmed text that passed the check and differs from the value. */
  onSave: (text: string) => void;
  /** Why the last save failed. */
  saveError?: string | null;
  unit?: string;
  inputMode?: 'numeric' | 'url';
  isCode?: boolean;
  maxLength?: number;
  className?: string;
}

export function DraftField(props: DraftFieldProps) {
  const { label, labelledBy, describedBy, value, placeholder, check, onSave, saveError } = props;
  const { unit, inputMode, isCode, maxLength, className } = props;
  /** Null while the field shows what is saved. */
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  const settle = () => {
    if (draft === null) return;
    const text = draft.trim();
    const against = check(text);
    setError(against);
    if (against) return;
    setDraft(null);
    if (text !== value) onSave(text);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') settle();
    if (event.key !== 'Escape' || draft === null) return;
    event.preventDefault();
    setDraft(null);
    setError(null);
  };

  return (
    <Field
      size="sm"
      value={draft ?? value}
      error={error ?? saveError ?? null}
      onChange={(event) => {
        setDraft(event.target.value);
        setError(null);
      }}
      onBlur={settle}
      onKeyDown={press}
      {...(label === undefined ? {} : { label })}
      {...(labelledBy === undefined ? {} : { 'aria-labelledby': labelledBy })}
      aria-describedby={describedBy}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(unit === undefined ? {} : { unit })}
      {...(inputMode === undefined ? {} : { inputMode })}
      {...(isCode === undefined ? {} : { isCode })}
      {...(maxLength === undefined ? {} : { maxLength })}
      {...(className === undefined ? {} : { className })}
    />
  );
}
