// When two statements are the same.

/** The letters and digits of a statement: `Lives in Oslo.` and `lives in  OSLO` are the same. */
export function sameness(statement: string): string {
  const words = statement
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  // Signs alone are themselves.
  return words === '' ? statement.trim() : words;
}
