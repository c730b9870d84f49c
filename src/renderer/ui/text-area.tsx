// A field of several lines that grows with its text.
import type { ComponentProps } from 'react';

export interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'aria-label'> {
  /** The accessible name. */
  label: string;
}

export function TextArea({ label, className, ...rest }: TextAreaProps) {
  return (
    <div className={['field area', className].filter(Boolean).join(' ')}>
      <textarea rows={3} spellCheck={false} {...rest} aria-label={label} />
    </div>
  );
}
