// How far something is, as a bar. Ember only while bytes move; what waits or stands still is grey, and the text says so.

export interface MeterProps {
  /** The accessible name. */
  label: string;
  /** 0 to 1; null while nobody knows: the bar is empty and says nothing of how far it is. */
  value: number | null;
  tone?: 'live' | 'still' | 'warn' | 'bad';
  /** In words, where a percentage says too little, for example `412 MB of 1.4 GB`. */
  text?: string;
  className?: string;
}

export function Meter({ label, value, tone = 'still', text, className }: MeterProps) {
  const percent = value === null ? null : Math.floor(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      className={['meter', className].filter(Boolean).join(' ')}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      aria-valuetext={text}
    >
      <i className={tone} style={{ width: `${(value ?? 0) * 100}%` }} />
    </div>
  );
}
