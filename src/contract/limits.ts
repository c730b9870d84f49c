// Numbers of the contract that windows need as values. Imports nothing, so that no window has to carry zod for them.

/** The largest question, in characters (UTF-16 units). Larger ones are refused before anything is stored. */
export const QUESTION_MAX_CHARS = 8_000_000;

/** A title is one line; longer ones are refused, not cut. */
export const TITLE_MAX_CHARS = 200;

/** How many events may be under way to a window that has not said `seen`. */
export const SEEN_WINDOW = 32;

/** A window says `seen` after this many events. */
export const SEEN_EVERY = 16;

/** How long main can bring back what has no bin: a fact, a backend, a model, a message in line. In milliseconds. */
export const UNDO_MS = 10_000;

/** A fact is one short statement. */
export const FACT_MAX_CHARS = 300;

/** What the name and the value of an HTTP header may hold: at most 200 and 8,000 characters. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]{1,200}$/;
export const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{0,8000}$/;

/**
 * What a person can use of a model today. Models and backends can do more (images, tools); it is told of them once a window
 * can send it, so that no page promises what does nothing.
 */
export const USABLE_CAPABILITIES: readonly string[] = ['completion', 'thinking', 'embedding'];
/** The same of a backend. */
export const USABLE_ABILITIES: readonly string[] = ['thinking', 'format'];
