// What an OpenAI-compatible server (or whatever listens in its place) said instead of an answer, as an error with a code.
import { HearthError } from '../../errors/index.ts';
import {
  aloneSaid,
  errorSaid,
  failureInBetween,
  inSentence,
  isAboutLoading,
  looksLikePage,
  readSaid,
  saidOf,
  waitAsked,
  wordsIn,
} from '../../ollama/index.ts';
import { durationText } from '../../words/index.ts';
import { readContextRefusal, refusedElsewhere } from '../context-refusal.ts';
import { type Asked, withoutSecrets } from '../remote/asked.ts';

/** An answer that is none. */
export interface Refusal {
  status: number;
  isPage: boolean;
  /** The beginning of its body. */
  said: string;
  /** What the body says is wrong; null where it says it in no way that is known. */
  reason: string | null;
  /** The words of the API for it (`code`, `type`, `param` of the error), in one text; empty where there are none. */
  marks: string;
  /** The failure where something between Hearth and the server answered. */
  inBetween: (behind: Parameters<typeof failureInBetween>[1]) => HearthError | null;
  /** How long it asks to wait; null where it does not. */
  waitMs: number | null;
}

/** Carries a refusal to where it is known what to do about it. Never leaves this folder. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`HTTP ${refusal.status}`);
    this.refusal = refusal;
  }
}

export function isPage(contentType: string | null): boolean {
  return contentType?.toLowerCase().includes('text/html') ?? false;
}

export interface RefusedAnswer {
  status: number;
  /** Null for a header that is not there. */
  header: (name: string) => string | null;
  /** The beginning of its body. */
  said: string;
}

export function refusalFrom(answer: RefusedAnswer): Refusal {
  const { status, header, said } = answer;
  return {
    status,
    isPage: isPage(header('content-type')) || looksLikePage(said),
    said,
    waitMs: waitAsked(answer, Date.now()),
    inBetween: (behind) => failureInBetween(answer, behind),
    ...readSaid(said),
  };
}

/** An error in a stream before anything of an answer: as if the server had said so with its status. */
export function refusalInStream(value: unknown): Refusal {
  const { reason, marks } = saidOf(value);
  return {
    status: 500,
    isPage: false,
    waitMs: null,
    inBetween: () => null,
    said: JSON.stringify(value) ?? '',
    reason: saidIn(value) ?? reason,
    marks,
  };
}

/** @param model the one that was asked for; null when the question was about no model */
export function failureOf(refusal: Refusal, asked: Asked, model: string | null): HearthError {
  const { status, said } = refusal;
  const { backend, host } = asked;
  const detail = { detail: detailOf(`HTTP ${status} ${said}`, asked) };
  const inBetween = refusal.inBetween({ backend, host, clean: (text) => withoutSecrets(text, asked) });
  if (inBetween !== null) return inBetween;
  // A quota comes back with money or a new month, not in a moment.
  if (status === 402 || (status === 429 && isAboutQuota(refusal)))
    return new HearthError('backend_quota', { host, backend }, detail);
  if (isAboutLoading(status, refusal.reason))
    return new HearthError('backend_model_not_loaded', { host, backend }, detail);
  if (status === 401 && !asked.hasKey) return new HearthError('backend_key_needed', { host, backend }, detail);
  if (status === 401 || status === 403) {
    // Servers repeat a part of the key here: nothing of what they say is kept.
    const plain = { detail: `HTTP ${status}` };
    if (asked.hasKey) return new HearthError('backend_key_refused', { host, backend, status }, plain);
    return new HearthError('backend_refused', { host, backend, status }, plain);
  }
  const { waitMs } = refusal;
  if (waitMs !== null)
    return new HearthError('backend_wait', { host, backend, wait: durationText(waitMs), waitMs }, detail);
  if (status === 429 || status === 503) return new HearthError('backend_busy', { host, backend }, detail);
  if (model !== null && isAboutModel(refusal))
    return new HearthError('model_not_found', { backend, model, installed: '' }, detail);
  const tooLong = model === null ? null : readContextRefusal(said, refusal.marks);
  if (tooLong !== null) {
    const reason = asReason(refusal.reason ?? `HTTP ${status}`, asked);
    return refusedElsewhere(tooLong, { backend, model: model ?? '', reason }, detail.detail);
  }
  if (refusal.isPage) return new HearthError('backend_html', { host, backend }, detail);
  // Another path, another method, another place: whatever listens there, it is not this API.
  if (status === 404 || status === 405 || (status >= 300 && status < 400))
    return new HearthError('backend_not_known', { host, backend }, detail);
  return new HearthError(
    ABOUT_THE_REQUEST.has(status) ? 'request_refused' : 'backend_failed',
    { backend, reason: asReason(refusal.reason ?? `HTTP ${status}`, asked) },
    detail,
  );
}

/** Whether the server says that it is still reading the model from disk (llama-server does). */
export function isLoading({ status, said }: Refusal): boolean {
  return status === 503 && /loading model|model is loading/i.test(said);
}

/** An error object in the middle of a stream, or instead of an answer with status 200. */
export function failureInStream(value: unknown, asked: Asked): HearthError {
  const reason = saidIn(value);
  const text = JSON.stringify(value) ?? '';
  const params = { backend: asked.backend, reason: asReason(reason ?? text, asked) };
  return new HearthError('backend_failed', params, { detail: detailOf(text, asked) });
}

function saidIn(value: unknown): string | null {
  return errorSaid(typeof value === 'object' && value !== null ? { ...value } : {})?.said ?? wordsIn(value);
}

/** Something that is no part of a stream. */
export function notAnEvent(said: string, to: Asked): HearthError {
  const { backend, host, ...asked } = to;
  const alone = aloneSaid(said);
  if (alone !== null) return failureInStream({ error: alone }, to);
  const code = looksLikePage(said) ? 'backend_html' : 'backend_garbage';
  return new HearthError(code, { host, backend }, { detail: withoutSecrets(said, asked).slice(0, 200) });
}

/** Of these the next question may fare better: nothing is wrong with the server. */
const ABOUT_THE_REQUEST = new Set([400, 422]);

function isAboutQuota({ marks, reason }: Refusal): boolean {
  return /insufficient_quota|billing/i.test(marks) || /current quota|billing|out of credits/i.test(reason ?? '');
}

function isAboutModel({ status, marks, reason }: Refusal): boolean {
  if (/model_not_found|model_not_exist/i.test(marks)) return true;
  const isMissing = /model.*(?:not found|not exist|not loaded|unknown)|(?:unknown|no such|invalid) model/is;
  return (status === 404 || status === 400) && reason !== null && isMissing.test(reason);
}

function asReason(said: string, asked: Asked): string {
  return inSentence(withoutSecrets(said, asked));
}

function detailOf(said: string, asked: Asked): string {
  return withoutSecrets(said, asked).trim().slice(0, 1_000);
}
