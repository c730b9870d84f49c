// A choice of a few big things, each a card with what it means and what it costs. A radio group: arrows move and choose.
import type { KeyboardEvent, ReactNode } from 'react';

export interface OptionCard<Value extends string> {
  value: Value;
  title: string;
  /** Beside the title, for example a badge. */
  mark?: ReactNode;
  help: string;
  /** At the right: what it costs, for example `1.4 GB`, or a drawing of it. */
  aside?: ReactNode;
  isDisabled?: boolean;
}

export interface OptionCardsProps<Value extends string> {
  label: string;
  value: Value | null;
  options: OptionCard<Value>[];
  onChange: (value: Value) => void;
}

export function OptionCards<Value extends string>({ label, value, options, onChange }: OptionCardsProps<Value>) {
  const open = options.filter((option) => !option.isDisabled);
  const first = open.find((option) => option.value === value) ?? open[0];
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEP[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = open[(open.findIndex((option) => option === first) + step + open.length) % open.length];
    if (!next) return;
    onChange(next.value);
    const cards = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]')];
    cards[options.indexOf(next)]?.focus();
  };
  return (
    <div className="grid gap-2" role="radiogroup" aria-label={label} onKeyDown={move}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          className="opt"
          aria-checked={option.value === value}
          tabIndex={option === first ? 0 : -1}
          disabled={option.isDisabled}
          onClick={() => onChange(option.value)}
        >
          <span className="radio" aria-hidden="true" />
          <span className="grow">
            <b>
              {option.title}
              {option.mark}
            </b>
            <small>{option.help}</small>
          </span>
          {typeof option.aside === 'string' ? <span className="size num">{option.aside}</span> : option.aside}
        </button>
      ))}
    </div>
  );
}

const STEP: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
