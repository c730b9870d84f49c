// Hearth's own log: one JSON object a line in logs/hearth.log, for the user's eyes and for bug reports.
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** An Error is written with its name, code, message, detail and stack. */
export type LogFields = Record<string, unknown>;

/** Never throws. Takes facts (codes, counts, milliseconds, paths), never the text of a message and never a secret. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Lines after this are dropped. Idempotent. */
  close(): void;
}

/** The log is started anew beyond this size; the one before is kept as hearth.1.log. */
export const LOG_MAX_BYTES = 2 * 1024 * 1024;
const VALUE_MAX_CHARS = 4_000;
/** A mistake in a caller must not put a conversation or a key on disk: strings under such names are left out. */
const PRIVATE_NAMES =
  /token|secret|password|passphrase|authorization|cookie|api_?key|prompt|question|answer|content|^text$/i;
const URL_CREDENTIALS = /:\/\/[^/\s@]+@/g;

/**
 * Opens `hearth.log` in the folder of logs (created when missing), starting it anew when it has grown large.
 * A line is one synchronous append: it is in the kernel's hands when the call returns, so a crash right after loses nothing.
 * Where the folder can't be written there is no log; `lost` counts into the next line that can be written.
 */
export function createLog(options: { folder: string; now?: () => Date }): Log {
  const { folder } = options;
  const path = join(folder, 'hearth.log');
  const now = options.now ?? (() => new Date());
  let file: number | null = null;
  let sizeBytes = 0;
  let lostLines = 0;
  let isClosed = false;

  function open(): number {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const opened = openSync(path, 'a', 0o600);
    sizeBytes = fstatSync(opened).size;
    return opened;
  }

  /** The open file, with room in it. */
  function ready(): number {
    file ??= open();
    if (sizeBytes <= LOG_MAX_BYTES) return file;
    closeSync(file);
    file = null;
    renameSync(path, join(folder, 'hearth.1.log'));
    file = open();
    return file;
  }

  function write(level: 'info' | 'warn' | 'error', message: string, fields: LogFields = {}): void {
    if (isClosed) return;
    try {
      const lost = lostLines > 0 ? { lostLines } : {};
      const head = { time: now().toISOString(), level, pid: process.pid, message: cleanText(message) };
      const line = `${JSON.stringify({ ...head, ...lost, ...cleanFields(fields) })}\n`;
      writeSync(ready(), line);
      sizeBytes += Buffer.byteLength(line);
      lostLines = 0;
    } catch {
      // A full disk or a read-only folder must not take the work down with it; the loss is told when writing works again.
      lostLines += 1;
    }
  }

  const log: Log = {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    close() {
      if (isClosed) return;
      isClosed = true;
      if (file !== null) closeSync(file);
      file = null;
    },
  };
  return log;
}

function cleanFields(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleanValue(name, value)]));
}

function cleanValue(name: string, value: unknown): unknown {
  if (value instanceof Error) return describeError(value);
  if (typeof value === 'string') return PRIVATE_NAMES.test(name) ? `(${value.length} characters)` : cleanText(value);
  if (Array.isArray(value)) return value.map((item) => cleanValue(name, item));
  if (typeof value === 'object' && value !== null) return cleanFields({ ...value });
  if (typeof value === 'bigint') return value.toString();
  return value;
}

function cleanText(text: string): string {
  const safe = text.replace(URL_CREDENTIALS, '://***@');
  return safe.length > VALUE_MAX_CHARS ? `${safe.slice(0, VALUE_MAX_CHARS)}… (${safe.length} characters)` : safe;
}

function describeError(error: Error): LogFields {
  const { code, detail } = error as Error & { code?: unknown; detail?: unknown };
  return cleanFields({ name: error.name, code, message: error.message, detail, stack: error.stack });
}
