// One setting: its name and what it does at the left, the control at the right, what went wrong below.
import { useId } from 'react';
import type { ReactNode } from 'react';

export interface SettingRowProps {
  title: string;
  help?: string;
  error?: string | null;
  /** Draws the control; `labelId` names the element that labels it. */
  children: (labelId: string) => ReactNode;
}

export function SettingRow({ title, help, error, children }: SettingRowProps) {
  const labelId = useId();
  return (
    <div className="li">
      <div className="grow">
        <b id={labelId}>{title}</b>
        {help ? <small>{help}</small> : null}
        {error ? (
          <p className="em" role="alert">
            {error}
          </p>
        ) : null}
      </div>
      {children(labelId)}
    </div>
  );
}
