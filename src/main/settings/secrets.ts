// The file of secrets: enciphered by the system where it can, else protected by the file's rights alone.
import { chmod, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFile } from 'atomically';
import { z } from 'zod';
import type { Notice } from '../../contract/app.ts';
import type { Log } from '../diagnostics/index.ts';
import { errorInfo, HearthError } from '../errors/index.ts';
import { text as words, textOfBytes } from '../words/index.ts';
import type { Cipher, SecretStore } from './interface.ts';

const FILE_NAME = 'secrets.json';
/** For this user only; Windows protects the folder of the user. */
const FILE_MODE = 0o600;
/** How long a file held by another program (a virus scanner, a backup) is tried again. */
const WRITE_RETRY_MS = 2_000;

const Entry = z.union([
  /** Base64 of what the cipher made. */
  z.object({ by: z.literal('system'), bytes: z.string() }),
  z.object({ by: z.literal('nobody'), text: z.string() }),
]);
type Entry = z.infer<typeof Entry>;

/** By name. What this version does not know stays in the file. */
type Stored = Map<string, unknown>;

export interface SecretOptions {
  /** The data folder. */
  folder: string;
  /** Null where there is no Electron: in terminals and without a desktop. */
  cipher: Cipher | null;
  log?: Log;
  now?: () => Date;
}

/**
 * Reads `<folder>/secrets.json`. Never rejects: a file that can't be read is kept aside and `notices()` tells so. No error
 * of reading or deciphering is passed on or logged: the parser's quotes the text that it stumbled over.
 */
export async function openSecrets({
  folder,
  cipher,
  log,
  now = () => new Date(),
}: SecretOptions): Promise<SecretStore> {
  const path = join(folder, FILE_NAME);
  const notices: Notice[] = [];
  const stored = await read();
  /** The system's store said no when it was asked last. */
  let isRefused = false;
  let lastWrite: Promise<void> = Promise.resolve();
  let changes = 0;

  async function read(): Promise<Stored> {
    let content: string;
    try {
      content = textOfBytes(await readFile(path));
    } catch (error) {
      if (!isMissing(error)) await tellCorrupt();
      return new Map();
    }
    const found = parse(content);
    if (found === null) await tellCorrupt();
    // A copy that came back from a backup may be open to others.
    else
      await chmod(path, FILE_MODE).catch(() => log?.warn('the rights of the secrets file could not be set', { path }));
    return found ?? new Map();
  }

  async function tellCorrupt(): Promise<void> {
    let kept = `secrets-corrupt-${now().toISOString().replace(/[:.]/g, '-')}.json`;
    try {
      await rename(path, join(folder, kept));
    } catch {
      kept = FILE_NAME;
    }
    log?.warn('the secrets file could not be read', { path, kept });
    notices.push({ id: 'secrets_corrupt', info: errorInfo('secrets_corrupt', { kept }) });
  }

  function write(): Promise<void> {
    const content = `${JSON.stringify({ version: 1, secrets: Object.fromEntries(stored) }, null, 2)}\n`;
    return writeFile(path, content, { mode: FILE_MODE, timeout: WRITE_RETRY_MS });
  }

  function encipher(secret: string): Entry {
    if (cipher?.isAvailable()) {
      try {
        const bytes = cipher.encrypt(secret).toString('base64');
        isRefused = false;
        return { by: 'system', bytes };
      } catch {
        // Locked, not running, or refused by the user: then the file's rights protect it, and `protection` tells.
        isRefused = true;
        log?.warn('the system’s secret store could not be used');
      }
    }
    return { by: 'nobody', text: secret };
  }

  function decipher(name: string, entry: unknown): string {
    const unreadable = (why: string) =>
      new HearthError('secret_unreadable', { name, reason: words(`backends:secret.${why}`) });
    const known = Entry.safeParse(entry);
    if (!known.success) throw unreadable('unknown');
    if (known.data.by === 'nobody') return known.data.text;
    if (!cipher) throw unreadable('noCipher');
    try {
      return cipher.decrypt(Buffer.from(known.data.bytes, 'base64'));
    } catch {
      throw unreadable('refused');
    }
  }

  return {
    async get(name) {
      return stored.has(name) ? decipher(name, stored.get(name)) : null;
    },
    async set(name, secret) {
      if (secret === null && !stored.delete(name)) return;
      if (secret !== null) stored.set(name, encipher(secret));
      changes += 1;
      // One write at a time; a failed one before this must not stop it.
      lastWrite = lastWrite.then(write, write);
      try {
        await lastWrite;
      } catch (error) {
        log?.error('the secrets could not be saved', { path, error });
        throw new HearthError('settings_unwritable', { path }, { cause: error });
      }
    },
    async reload() {
      await lastWrite.catch(() => undefined);
      const before = changes;
      const found = await readFile(path).then(
        (bytes) => parse(textOfBytes(bytes)),
        () => null,
      );
      // What can't be read now counts as unchanged, and what was entered meanwhile is newer than the file.
      if (found === null || changes !== before) return;
      stored.clear();
      for (const [name, entry] of found) stored.set(name, entry);
    },
    names: () => [...stored.keys()],
    protection() {
      const isEveryEnciphered = [...stored.values()].every((entry) => Entry.safeParse(entry).data?.by === 'system');
      return cipher?.isAvailable() && !isRefused && isEveryEnciphered ? 'system' : 'file';
    },
    notices: () => [...notices],
  };
}

/** Null when it is not a file of secrets. */
function parse(content: string): Stored | null {
  try {
    const { secrets } = z.object({ secrets: z.record(z.string(), z.unknown()) }).parse(JSON.parse(content));
    return new Map(Object.entries(secrets));
  } catch {
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
