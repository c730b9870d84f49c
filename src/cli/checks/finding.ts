// What one check of `hearth doctor` found.

export interface Finding {
  /** `broken`: Hearth can't work. `warning`: it works, less well. `note`: worth knowing. */
  level: 'good' | 'note' | 'warning' | 'broken';
  name: string;
  found: string;
  /** What to do about it. */
  todo?: string;
}

/** A size for people: `465 kB`, `2.0 GB` (powers of 1000, as disks are sold). */
export function sizeForPeople(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
