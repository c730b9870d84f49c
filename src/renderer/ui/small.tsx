// Small pieces without a file of their own.
import type { ReactNode } from 'react';

/** For screen readers only. */
export function VisuallyHidden({ children }: { children: ReactNode }) {
  return <span className="sr">{children}</span>;
}

const LINES = ['w-[92%]', 'w-[98%]', 'w-[54%]'];

/** Grey lines while something loads; they appear after 150 ms, so that what is quick shows nothing. */
export function Skeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label}>
      {LINES.map((width) => (
        <div key={width} className={`skel ${width}`} />
      ))}
    </div>
  );
}
