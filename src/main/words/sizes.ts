// Bytes as people say them, for sentences of main and the terminal.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const STEP = 1_000;

/** In decimal units, as Ollama and the makers of disks count, never less than it is: `980 B`, `41 MB`, `2.9 GB`. */
export function sizeText(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (Math.ceil(value) >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const shown = unit >= 3 && value < 99.9 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value));
  return `${shown} ${UNITS[unit]}`;
}
