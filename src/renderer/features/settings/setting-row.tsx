// One setting: its name and what it does at the left, the control at the right, what went wrong below.
import { useId } from 'react';
import type { ReactNode } from 'react';

/** Which elements name and explain a control; give it all of them: `<Switch {...names} />`. */
export interface ControlNames {
  labelledBy: string;
  describedBy: string | undefined;
}

export interface SettingRowProps {
  title: string;
  help?: string;
  error?: string | null;
  /** What the present choice brings with it, below the help. */
  note?: ReactNode;
  children: (names: ControlNames) => ReactNode;
}

export function SettingRow({ title, help, error, note, children }: SettingRowProps) {
  const id = useId();
  const helpId = `${id}-help`;
  return (
    <div className="li">
      <div className="grow">
        <b id={id}>{title}</b>
        {help ? <small id={helpId}>{help}</small> : null}
        {note}
        {error ? (
          <p className="em" role="alert">
            {error}
          </p>
        ) : null}
      </div>
      {children({ labelledBy: id, describedBy: help ? helpId : undefined })}
    </div>
  );
}
