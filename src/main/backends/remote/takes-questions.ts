// Whether questions are taken where a server should take them, found out without asking one.
import type { Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { looksLikePage } from '../../ollama/index.ts';
import { createDeadline } from '../waiting/deadline.ts';
import { readText } from './read-body.ts';

export interface QuestionPlace {
  /** For example `http://gpu.lan:8000/v1/chat/completions`. */
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** A server that is busy with one question may let others wait in line: what it would say is asked another time. */
const LIMIT_MS = 1_000;
const SAID_MAX_BYTES = 4_000;
const NOT_THERE = new Set([404, 405, 501]);

/**
 * A GET says “another method” where questions are taken, and else a question without model and words is refused for what
 * it lacks: no server computes anything for either. Null: it can't be told now. Rejects only with the signal's reason.
 */
export async function takesQuestions(
  fetch: Fetch,
  { url, headers }: QuestionPlace,
  signal: AbortSignal,
): Promise<boolean | null> {
  const deadline = createDeadline(signal);
  deadline.set(LIMIT_MS, () => new HearthError('backend_no_answer', { host: new URL(url).host, seconds: 1 }));
  try {
    const got = await fetch(url, { headers: { accept: 'application/json', ...headers }, signal: deadline.signal });
    await got.body?.cancel();
    if (got.status === 405) return true;
    const {
      status,
      headers: told,
      body,
    } = await fetch.post(url, {
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
      signal: deadline.signal,
    });
    if (NOT_THERE.has(status)) {
      const { text } = await readText(body, SAID_MAX_BYTES);
      return isAboutModel(text);
    }
    if (status < 200 || status >= 300) return true;
    const type = told['content-type'] ?? '';
    if (/text\/html/i.test(type)) return false;
    if (!/json/i.test(type)) return true;
    const { text } = await readText(body, SAID_MAX_BYTES);
    // LM Studio says so with a status of success.
    return !/unexpected endpoint/i.test(text);
  } catch {
    signal.throwIfAborted();
    return null;
  } finally {
    deadline.abandon();
  }
}

/** A place that is there may have no model without a name. */
function isAboutModel(said: string): boolean {
  return !looksLikePage(said) && /model/i.test(said) && /not found|not exist|required|missing|no such/i.test(said);
}
