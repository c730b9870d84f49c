// Which addresses of a model's text may be opened: http, https and mailto, nothing else.

const ALLOWED = new Set(['http:', 'https:', 'mailto:']);

/** The address as the browser will see it, or null when it must not be opened. Relative ones lead nowhere in an answer. */
export function safeHref(href: unknown): string | null {
  if (typeof href !== 'string') return null;
  try {
    const url = new URL(href);
    return ALLOWED.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The host that a picture would have come from, for people; null when its address names none. */
export function originOf(src: unknown): string | null {
  if (typeof src !== 'string') return null;
  try {
    return new URL(src).host || null;
  } catch {
    return null;
  }
}
