// The direction of what is typed: looked for by the browser, but for long texts.

/** From here on a browser that looks for the direction of every line is felt: its time grows with the square of the text. */
const LONG_CHARS = 20_000;

/** `auto`, or for a long text the direction of its first letter. */
export function directionOf(text: string): 'auto' | 'ltr' | 'rtl' {
  if (text.length <= LONG_CHARS) return 'auto';
  const [letter = ''] = /\p{L}/u.exec(text) ?? [];
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter)
    ? 'rtl'
    : 'ltr';
}
