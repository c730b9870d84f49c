// What a person at a terminal is told while no word comes: what the engine does, for how long, and that it is silent.
import type { QueuePlace, TurnEvent } from '../contract/chat.ts';
import { placeAfter } from '../contract/queue-place.ts';
import { text } from '../main/words/index.ts';
import { withoutControl } from './output.ts';

type Stream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

export interface WaitTeller {
  take(event: TurnEvent): void;
  /** Called before each word that is written to standard output. */
  beforeWord(): void;
  /** Takes away what it shows; before anything else is written, and at the end. */
  end(): void;
}

/** A pause between two words is shorter. */
const SILENCE_SHOWN_FROM = 8;
/** In a file or a pipe a silence is said once, when it is long. */
const SILENCE_SAID_FROM = 20;
/** From here on a wait that tells nothing of itself is longer than usual. */
const LATE_FROM_SECONDS = 30;
/** A wait that is over sooner is not worth a line. */
const ENGINE_SHOWN_FROM = 3;
/** A shorter prompt is read before anybody has read its number. */
const TOKENS_SHOWN_FROM = 100;
const COLUMNS = 80;

/** Of a line that begins at the left edge. */
const CLEAR_LINE = '\r\u001B[K';
/** Makes room for a line below the cursor, without moving it; remembers the place and goes to that line. */
const TO_LINE_BELOW = '\u001BD\u001B[A\u001B7\u001B[B\r\u001B[K';
const BACK = '\u001B8';

interface Wait {
  /** What to say; changes tell a file or a pipe that there is something new. */
  step: string;
  /** The words for so many seconds; null while it is not worth a line. */
  words: (seconds: number) => string | null;
  sinceMs: number;
}

/**
 * In a terminal one line that is drawn anew each second, below the answer where one has begun; in a file or a pipe a line at
 * every change.
 */
export function createWaitTeller({
  stdout,
  stderr,
  isJson,
}: {
  stdout: Stream;
  stderr: Stream;
  /** Nothing of the answer is shown before its end. */
  isJson: boolean;
}): WaitTeller {
  const isLive = stderr.isTTY === true;
  let label = '';
  let wait: Wait | null = null;
  let lastWordAtMs: number | null = null;
  let said = '';
  /** Where a line is shown now. */
  let shown: 'here' | 'below' | null = null;
  const timer = setInterval(() => tick(), 1_000);

  function tick(): void {
    if (wait !== null) return show(wait.words(secondsSince(wait.sinceMs)), wait.step);
    if (lastWordAtMs === null) return;
    const seconds = secondsSince(lastWordAtMs);
    const words = text('cli:ask.silence', { seconds });
    if (isLive && seconds >= SILENCE_SHOWN_FROM) draw(words);
    else if (!isLive && seconds >= SILENCE_SAID_FROM) say(words, 'silence');
  }

  function show(words: string | null, step: string): void {
    if (words === null) return;
    if (isLive) draw(words);
    else say(words, step);
  }

  function say(words: string, step: string): void {
    if (step === said) return;
    said = step;
    stderr.write(`${withoutControl(words)}\n`);
  }

  function draw(words: string): void {
    // One that wraps could not be cleared again.
    const line = withoutControl(words).slice(0, (stderr.columns || COLUMNS) - 1);
    const isBelow = lastWordAtMs !== null && stdout.isTTY === true;
    stderr.write(isBelow ? `${TO_LINE_BELOW}${line}${BACK}` : `${CLEAR_LINE}${line}`);
    shown = isBelow ? 'below' : 'here';
  }

  function clear(): void {
    if (shown === 'below') stderr.write(`${TO_LINE_BELOW}${BACK}`);
    if (shown === 'here') stderr.write(CLEAR_LINE);
    shown = null;
  }

  function begin(next: Wait): void {
    wait = next;
    const words = next.words(secondsSince(next.sinceMs));
    if (words !== null) show(words, next.step);
    else clear();
  }

  /** The engine says something of which nothing is shown. */
  function work(step: 'thinking' | 'writing'): void {
    if (wait?.step === step || (step === 'writing' && !isJson)) return;
    const what = text(`cli:ask.${step}`, { label });
    const words = (seconds: number) => (seconds < ENGINE_SHOWN_FROM ? null : `${what}, ${soFar(seconds, false)}`);
    begin({ step, words, sinceMs: Date.now() });
  }

  return {
    take(event) {
      if (event.type === 'started') ({ label } = event.source);
      if (event.type === 'delta') return work(event.text === undefined ? 'thinking' : 'writing');
      const next = waitOf(event, label);
      if (next !== null) begin(next);
    },
    beforeWord() {
      clear();
      wait = null;
      said = '';
      lastWordAtMs = Date.now();
    },
    end() {
      clearInterval(timer);
      clear();
    },
  };
}

function secondsSince(sinceMs: number): number {
  return Math.max(0, Math.floor((Date.now() - sinceMs) / 1_000));
}

function whenOf({ etaMs, isLate }: QueuePlace, waitedSeconds: number): string {
  const seconds = Math.max(1, Math.round((etaMs ?? 0) / 1_000));
  if (isLate) return etaMs ? text('cli:ask.queuedLateThen', { seconds }) : text('cli:ask.queuedLate');
  if (etaMs === null) return text('cli:ask.soFar', { seconds: waitedSeconds });
  return text('cli:ask.queuedAbout', { seconds });
}

/** Null for what is no wait. */
function waitOf(event: TurnEvent, label: string): Wait | null {
  switch (event.type) {
    case 'queued': {
      const { position, busyWith, isLate } = event.place;
      const toldAtMs = Date.now();
      const why = busyWith === undefined ? '' : ` ${text(`cli:ask.busy.${busyWith}`)}`;
      const words = (seconds: number) => {
        const when = whenOf(placeAfter(event.place, Date.now() - toldAtMs), seconds);
        return `${text('cli:ask.queued', { position })}, ${when}.${why}`;
      };
      return { step: `queued ${position} ${busyWith} ${isLate}`, words, sinceMs: Date.now() };
    }
    case 'started': {
      const what = text('cli:ask.engine', { label });
      return {
        step: `engine ${label}`,
        words: (seconds) =>
          seconds < ENGINE_SHOWN_FROM ? null : `${what}, ${soFar(seconds, seconds >= LATE_FROM_SECONDS)}`,
        sinceMs: event.sinceMs,
      };
    }
    case 'loading': {
      const what = text('cli:ask.loading', { model: event.model });
      return {
        step: `loading ${event.model}`,
        words: (seconds) => `${what}, ${soFar(seconds, false)}`,
        sinceMs: event.sinceMs,
      };
    }
    case 'reading': {
      const { tokens, readTokens, expectedMs, isLate, behind, sinceMs } = event;
      const what =
        behind !== null
          ? text(`cli:ask.behind.${behind}`, { label })
          : tokens < TOKENS_SHOWN_FROM
            ? text('cli:ask.readingShort', { label })
            : readTokens === null
              ? text('cli:ask.reading', { label, tokens })
              : text('cli:ask.readingShare', { label, tokens, read: Math.min(readTokens, tokens) });
      const isKnown = behind === null || behind === 'limit';
      const isExpected = expectedMs !== null && expectedMs >= 1_000 && isKnown && !isLate;
      const words = (seconds: number) =>
        isExpected
          ? `${what}, ${text('cli:ask.ofAbout', { seconds, expected: Math.round(expectedMs / 1_000) })}`
          : `${what}, ${soFar(seconds, isLate)}`;
      return { step: `reading ${behind} ${isLate}`, words, sinceMs };
    }
    case 'relabel':
    case 'snapshot':
    case 'delta':
    case 'settled':
      return null;
    default:
      return event satisfies never;
  }
}

function soFar(seconds: number, isLate: boolean): string {
  return text(isLate ? 'cli:ask.late' : 'cli:ask.soFar', { seconds });
}
