// What can go wrong, sorted into the sentences that a person reads.
import { statfs } from 'node:fs/promises';
import { HearthError } from '../../errors/index.ts';
import { sizeText, text } from '../../words/index.ts';

/** `host` answered with something that waiting may heal: told to the user once trying again has not helped. */
export class Interrupted extends Error {
  readonly host: string;
  /** The server asked to wait this long. */
  readonly waitMs: number | null;

  /** @param reason a part of a sentence */
  constructor(host: string, reason: string, options: { cause?: unknown; waitMs?: number | null } = {}) {
    super(reason, { cause: options.cause });
    this.name = 'Interrupted';
    this.host = host;
    this.waitMs = options.waitMs ?? null;
  }

  toHearthError(): HearthError {
    const detail = this.cause instanceof HearthError ? this.cause.detail : undefined;
    const options = { cause: this.cause, ...(detail === undefined ? {} : { detail }) };
    return new HearthError('install_unreachable', { host: this.host, reason: this.message }, options);
  }
}

/** The reason of `Interrupted` for an error of the network. */
export function reasonOf(error: unknown): string {
  const told = error instanceof HearthError ? `${error.code} ${error.detail ?? ''}` : codeOf(error);
  for (const [pattern, key] of REASONS) if (pattern.test(told)) return text(`install:${key}`);
  return text('install:broken');
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'no_such_host'],
  [/ECONNREFUSED/, 'refused'],
  [/ENETUNREACH|EHOSTUNREACH|ENETDOWN/, 'no_network'],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/, 'certificate'],
  [/backend_connect_timeout|ETIMEDOUT/, 'no_connection'],
  [/backend_garbage|HPE_/, 'not_http'],
];

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EBUSY', 'EMFILE', 'EIO', 'ENAMETOOLONG', 'EEXIST']);

/** An error of the file system in the words of an installation; everything else comes back as it is. */
export async function diskTrouble(error: unknown, folder: string, neededBytes: number): Promise<unknown> {
  const code = codeOf(error);
  if (FULL.has(code)) return noSpace(folder, neededBytes, (await freeBytes(folder)) ?? 0, error);
  if (!FORBIDDEN.has(code)) return error;
  const reason = text(code === 'EROFS' ? 'install:read_only' : 'install:not_allowed', { problem: code });
  return new HearthError('install_unwritable', { path: folder, reason }, { cause: error });
}

export function noSpace(folder: string, neededBytes: number, free: number, cause?: unknown): HearthError {
  const params = { path: folder, needed: sizeText(neededBytes), free: sizeText(free) };
  return new HearthError('install_no_space', params, { cause });
}

/** What this user may still write there; null where the system does not tell. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Not every file system tells; a full disk is found when it is written to.
    return null;
  }
}

/** `reason` is a key of the texts of `install`. */
export function badArchive(reason: BadArchive, cause?: unknown): HearthError {
  const options = cause === undefined ? {} : { cause };
  return new HearthError('install_bad_archive', { reason: text(`install:${reason}`) }, options);
}
export type BadArchive = 'unreadable' | 'leads_outside' | 'odd_entry' | 'too_large' | 'no_program';

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? '';
}
