// One field of a form: its name above, its sentence below.
import { useId } from 'react';
import type { FieldProps } from '../../ui/field.tsx';
import { Field } from '../../ui/index.ts';

export interface FormFieldProps extends Omit<FieldProps, 'label' | 'id'> {
  title: string;
}

export function FormField({ title, ...field }: FormFieldProps) {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{title}</label>
      <Field id={id} size="sm" {...field} />
    </div>
  );
}
