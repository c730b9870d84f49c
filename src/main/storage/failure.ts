// What goes wrong inside the worker, as a code and its parameters. The other side makes the sentence.
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { ErrorCode, ErrorParams } from '../../contract/errors.ts';
import type { ErrorRecord } from './protocol.ts';

/** The worker's own error: HearthError needs the catalogue of sentences, which stays out of the worker. */
export class Failure extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, cause?: unknown) {
    super(describe(cause) || code, { cause });
    this.name = 'Failure';
    this.code = code;
    this.params = params;
  }

  toRecord(): ErrorRecord {
    return { code: this.code, params: this.params, ...(this.cause === undefined ? {} : { detail: this.message }) };
  }
}

export const chatNotFound = (): Failure => new Failure('not_found', { what: 'chat' });
export const messageNotFound = (): Failure => new Failure('not_found', { what: 'message' });

/**
 * Any thrown value as a Failure.
 * @param path the file that was being used, for the sentence
 */
export function toFailure(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error;
  return new Failure(storageCode(errorCodeOf(error), path), { path, reason: describe(error) }, error);
}

/** The `code` of an error of SQLite (`SQLITE_FULL`) or the system (`ENOSPC`), else an empty string. */
export function errorCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function storageCode(code: string, path: string): ErrorCode {
  if (code.startsWith('SQLITE_BUSY')) return 'storage_locked';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return 'storage_corrupt';
  if (FULL.has(code)) return 'storage_disk_full';
  // The file was moved away under us: it can be written, but not by this connection.
  if (code === 'SQLITE_READONLY_DBMOVED') return 'storage_failed';
  if (code.startsWith('SQLITE_READONLY') || DENIED.has(code)) return 'storage_read_only';
  // SQLite says CANTOPEN for everything from a missing right to a missing folder.
  if (code.startsWith('SQLITE_CANTOPEN') && !canWriteIn(dirname(path))) return 'storage_read_only';
  return 'storage_failed';
}

/** EFBIG is the quota of a process, EDQUOT that of a user; SQLite reports some of them as a failed write. */
const FULL = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT', 'EFBIG']);
const DENIED = new Set(['EACCES', 'EPERM', 'EROFS', 'SQLITE_PERM', 'SQLITE_AUTH']);

function canWriteIn(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    return !DENIED.has(errorCodeOf(error));
  }
}

function describe(error: unknown): string {
  if (error === undefined) return '';
  if (!(error instanceof Error)) return JSON.stringify(error);
  const code = errorCodeOf(error);
  return code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`;
}
