// What went wrong in a step, where it happened, with what can be done about it.
import type { ReactNode } from 'react';
import { Fault } from '../../ui/index.ts';

export interface StepFaultProps {
  /** Main's sentence; null while all is well. */
  message: string | null | undefined;
  /** Buttons below it. */
  actions?: ReactNode;
}

export function StepFault({ message, actions }: StepFaultProps) {
  if (!message) return null;
  return (
    <div className="ob-fault">
      <Fault role="alert" actions={actions}>
        {message}
      </Fault>
    </div>
  );
}
