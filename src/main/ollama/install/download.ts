// The archive's way onto the disk: in as many pieces as the network makes of it, found again after a restart.
import { open, type FileHandle } from 'node:fs/promises';
import { text } from '../../words/index.ts';
import type { PartFile, PartState } from './part-file.ts';
import { persevere, type Persevering } from './persevere.ts';
import { type Ask, checkAnswer, get, type Received } from './request.ts';
import { Interrupted } from './trouble.ts';

export interface DownloadJob extends Persevering {
  ask: Ask;
  part: PartFile;
  state: PartState;
  /** Null when only the server knows. */
  expectedBytes: number | null;
  /** Whatever the server says, more is never taken. */
  maxBytes: number;
  onProgress: (receivedBytes: number, totalBytes: number | null) => void;
}

/** Resolves with the archive's size once all of it is in the part file. What it contains is not looked at here. */
export async function download(job: DownloadJob): Promise<number> {
  let furthest = job.part.read()?.receivedBytes ?? 0;
  return await persevere(async (gained) => {
    const file = await open(job.part.path, 'a+', 0o600);
    try {
      return await attempt(job, file, (received) => {
        if (received <= furthest) return;
        furthest = received;
        gained();
      });
    } finally {
      await file.close();
    }
  }, job);
}

async function attempt(job: DownloadJob, file: FileHandle, reached: (received: number) => void): Promise<number> {
  const received = (await file.stat()).size;
  if (received > 0 && received === job.state.totalBytes) return received;
  const headers = received > 0 ? rangeHeaders(received, job.state.etag) : {};
  const answer = await get(new URL(job.state.url), job.ask, { headers });
  try {
    const start = await agreeOnStart(job, file, answer.response, received);
    return await take(job, file, answer, start, reached);
  } finally {
    answer.close();
  }
}

/** Where the bytes of the answer belong; throws when they belong nowhere. */
async function agreeOnStart(job: DownloadJob, file: FileHandle, response: Response, received: number): Promise<number> {
  const { host } = new URL(job.state.url);
  const { status, headers } = response;
  checkAnswer(response, host, job.state.version);
  const etag = strongTag(headers.get('etag'));
  if (status === 200) {
    const total = wholeNumber(headers.get('content-length'));
    refuseSize(total, job, host);
    await file.truncate(0);
    job.state = { ...job.state, etag, totalBytes: total };
    await job.part.write(job.state);
    return 0;
  }
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const total = wholeNumber(range?.[2] ?? null);
  const known = job.state.totalBytes ?? total;
  const isSame = total === known && (job.state.etag === null || etag === null || etag === job.state.etag);
  if (status === 206 && Number(range?.[1]) === received && isSame) {
    refuseSize(total, job, host);
    job.state = { ...job.state, etag: job.state.etag ?? etag, totalBytes: total };
    await job.part.write(job.state);
    return received;
  }
  // Another file by now, or a server that is not sure of itself: what is here can't be gone on with.
  await startOver(job, file);
  throw new Interrupted(host, text('install:changed'));
}

async function take(
  job: DownloadJob,
  file: FileHandle,
  answer: Received,
  start: number,
  reached: (received: number) => void,
): Promise<number> {
  const { host } = new URL(job.state.url);
  const total = job.state.totalBytes;
  const limit = total ?? job.expectedBytes ?? job.maxBytes;
  let received = start;
  job.onProgress(received, total);
  for (let piece = await answer.read(); piece !== null; piece = await answer.read()) {
    if (received + piece.length > limit) {
      await startOver(job, file);
      throw new Interrupted(host, text('install:too_much'));
    }
    await writeAll(file, piece);
    received += piece.length;
    reached(received);
    job.onProgress(received, total);
  }
  if (received < (total ?? job.expectedBytes ?? 1)) throw new Interrupted(host, text('install:broken'));
  if (total === null) {
    job.state = { ...job.state, totalBytes: received };
    await job.part.write(job.state);
  }
  return received;
}

async function startOver(job: DownloadJob, file: FileHandle): Promise<void> {
  await file.truncate(0);
  job.state = { ...job.state, etag: null, totalBytes: null };
  await job.part.write(job.state);
}

function refuseSize(total: number | null, job: DownloadJob, host: string): void {
  if (total === null) return;
  const isExpected = job.expectedBytes === null || total === job.expectedBytes;
  if (!isExpected || total === 0 || total > job.maxBytes) throw new Interrupted(host, text('install:wrong_size'));
}

/** With the tag the server sends the rest only of the same file, and all of another one. */
function rangeHeaders(received: number, etag: string | null): Record<string, string> {
  return { range: `bytes=${received}-`, ...(etag === null ? {} : { 'if-range': etag }) };
}

/** A weak one promises no equal bytes. */
function strongTag(etag: string | null): string | null {
  return etag === null || etag.startsWith('W/') ? null : etag;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written);
    written += bytesWritten;
  }
}
