// Keys and header values of added backends: one secret a backend, read when a question needs it.
import { z } from 'zod';
import { Headers } from '../../../contract/backends.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { AddedBackend } from '../../../contract/settings.ts';
import { HearthError } from '../../errors/index.ts';
import type { SecretStore } from '../../settings/index.ts';
import { text as words } from '../../words/index.ts';
import type { Access } from '../interface.ts';

/** What changes; a null key or header value removes it. */
export interface AccessChange {
  key?: string | null | undefined;
  headers?: Readonly<Record<string, string | null>> | undefined;
}

type Entry = Pick<AddedBackend, 'id' | 'name' | 'hasKey' | 'headerNames'>;

export interface AccessBook {
  /** Rejects with `secret_unreadable`, which names the backend. */
  read(entry: Entry): Promise<Access>;
  /**
   * Writes what changes and tells what there is then. Rejects with `bad_request` for a header that can't be sent, and with
   * `secret_unreadable` when what can't be read would be lost; with `settings_unwritable` only after the change counts.
   */
  change(entry: Entry, change: AccessChange): Promise<{ access: Access; written: Promise<void> }>;
  forget(id: BackendId): Promise<void>;
  /** Ids of which something is kept. */
  ids(): BackendId[];
}

export const NO_ACCESS: Access = { key: null, headers: {} };
const PREFIX = 'backend:';
const Kept = z.object({ key: z.string().nullable(), headers: z.record(z.string(), z.string()) });
/** The connection's own: a wrong one breaks the request. */
const NOT_SENDABLE = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect', 'te']);

export function createAccessBook(secrets: SecretStore): AccessBook {
  const known = new Map<BackendId, Promise<Access>>();

  async function readNow({ id, name }: Entry): Promise<Access> {
    try {
      const kept = await secrets.get(PREFIX + id);
      return kept === null ? NO_ACCESS : parse(kept, name);
    } catch (error) {
      // Once it can be read (an unlocked store), the next question reads it.
      known.delete(id);
      if (!(error instanceof HearthError) || error.code !== 'secret_unreadable') throw error;
      throw new HearthError('secret_unreadable', { ...error.params, name });
    }
  }

  function read(entry: Entry): Promise<Access> {
    let access = known.get(entry.id);
    if (!access) known.set(entry.id, (access = readNow(entry)));
    return access;
  }

  async function before(entry: Entry, change: AccessChange): Promise<Access> {
    try {
      return await read(entry);
    } catch (error) {
      const named = new Set(Object.keys(change.headers ?? {}).map((name) => name.toLowerCase()));
      const lost = entry.headerNames.filter((name) => !named.has(name.toLowerCase()));
      // Nothing but what is entered anew.
      if (lost.length === 0 && (change.key !== undefined || !entry.hasKey)) return NO_ACCESS;
      if (change.key === undefined) throw error;
      const reason = words('backends:secret.others', { names: lost.join(', ') });
      throw new HearthError('secret_unreadable', { name: entry.name, reason });
    }
  }

  return {
    read,
    async change(entry, change) {
      checkAccess(change);
      const access = accessAfter(await before(entry, change), change);
      const isNone = access.key === null && Object.keys(access.headers).length === 0;
      known.delete(entry.id);
      const written = secrets.set(PREFIX + entry.id, isNone ? null : JSON.stringify(access));
      // Whoever awaits it is told; nobody may come before the rest is done.
      written.catch(() => {});
      return { access, written };
    },
    async forget(id) {
      known.delete(id);
      await secrets.set(PREFIX + id, null);
    },
    ids: () => secrets.names().flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])),
  };
}

function parse(kept: string, name: string): Access {
  try {
    return Kept.parse(JSON.parse(kept));
  } catch {
    // The parser's own error quotes what it read.
    throw new HearthError('secret_unreadable', { name, reason: words('backends:secret.unknown') });
  }
}

/** @throws HearthError `bad_request` for a key or a header that can't be sent; the network's own error would quote it */
export function checkAccess({ key, headers = {} }: AccessChange): void {
  const isKeySendable = Headers.safeParse({ authorization: key ?? '' }).success;
  if (!isKeySendable) throw new HearthError('bad_request', { what: words('backends:list.key') });
  for (const [name, value] of Object.entries(headers)) {
    const isSendable = Headers.safeParse({ [name]: value ?? '' }).success && !NOT_SENDABLE.has(name.toLowerCase());
    if (!isSendable) throw new HearthError('bad_request', { what: words('backends:list.header', { name }) });
  }
}

/** The key and headers that there are after a change. */
export function accessAfter({ key, headers }: Access, change: AccessChange): Access {
  return { key: change.key === undefined ? key : change.key, headers: merged(headers, change.headers ?? {}) };
}

/** A header's name is the same in capitals. */
function merged(before: Access['headers'], change: Readonly<Record<string, string | null>>): Record<string, string> {
  const changed = new Set(Object.keys(change).map((name) => name.toLowerCase()));
  const kept = Object.entries(before).filter(([name]) => !changed.has(name.toLowerCase()));
  return Object.fromEntries([
    ...kept,
    ...Object.entries(change).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  ]);
}
