// Things to fill in: text and number fields, a select, a switch, a row of choices.
import { ChevronsUpDown, CircleAlert } from 'lucide-react';
import type { ComponentProps, KeyboardEvent } from 'react';
import { useId } from 'react';
import { Icon } from './icon.tsx';

export interface FieldProps extends Omit<ComponentProps<'input'>, 'size' | 'aria-label'> {
  /** The accessible name, unless `aria-labelledby` gives one. */
  label?: string;
  /** The sentence under the field; turns it red. */
  error?: string | null;
  help?: string;
  /** Stands after the value, for example `s`. */
  unit?: string;
  isCode?: boolean;
  size?: 'sm' | 'md';
}

/** An input with its sentence below. `className` goes to the box around it. */
export function Field(props: FieldProps) {
  const { label, error, help, unit, isCode, size = 'md', className, ...input } = props;
  const noteId = useId();
  const note = error ?? help;
  const look = ['field', size === 'sm' ? 'sm' : '', isCode ? 'is-code' : '', error ? 'err' : '', className];
  return (
    <div>
      <div className={look.filter(Boolean).join(' ')}>
        <input
          spellCheck={false}
          autoComplete="off"
          {...input}
          {...(label ? { 'aria-label': label } : {})}
          aria-invalid={error ? true : undefined}
          aria-describedby={[input['aria-describedby'], note ? noteId : ''].filter(Boolean).join(' ') || undefined}
        />
        {unit ? <span className="unit">{unit}</span> : null}
        {error ? <Icon icon={CircleAlert} size={14} /> : null}
      </div>
      {note ? (
        <p id={noteId} className={error ? 'em' : 'help'} role={error ? 'alert' : undefined}>
          {note}
        </p>
      ) : null}
    </div>
  );
}

export interface SelectProps<Value extends string> {
  label?: string;
  labelledBy?: string;
  /** The element that says what it does. */
  describedBy?: string | undefined;
  value: Value;
  options: { value: Value; label: string }[];
  onChange: (value: Value) => void;
  isDisabled?: boolean;
  className?: string;
}

/** A native select: its list is the system's, so it also works where the window ends. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, labelledBy, describedBy, value, options, onChange, isDisabled, className } = props;
  return (
    <div className={['field pick sm', className].filter(Boolean).join(' ')}>
      <select
        value={value}
        disabled={isDisabled}
        aria-describedby={describedBy}
        {...(label ? { 'aria-label': label } : {})}
        {...(labelledBy ? { 'aria-labelledby': labelledBy } : {})}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon icon={ChevronsUpDown} size={12} />
    </div>
  );
}

export interface SwitchProps {
  label?: string;
  labelledBy?: string;
  /** The element that says what it does. */
  describedBy?: string | undefined;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
}

export function Switch({ label, labelledBy, describedBy, isOn, onChange, isDisabled }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={isOn}
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      disabled={isDisabled}
      onClick={() => onChange(!isOn)}
    />
  );
}

export interface SegmentedProps<Value extends string> {
  label?: string;
  labelledBy?: string;
  /** The element that says what it does. */
  describedBy?: string | undefined;
  value: Value;
  options: { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

/** A few choices side by side: a radio group, arrows move and choose. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const { label, labelledBy, describedBy, value, options, onChange } = props;
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEP[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = options.findIndex((option) => option.value === value);
    const next = (at + step + options.length) % options.length;
    const option = options[next];
    if (!option) return;
    onChange(option.value);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
  };
  return (
    <div
      className="seg"
      role="radiogroup"
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onKeyDown={move}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

const STEP: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
