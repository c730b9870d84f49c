import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../../src/main/diagnostics/index.ts';
import { type Cipher, openSecrets } from '../../../src/main/settings/index.ts';

const KEY = 'sk-a-very-private-key-4711';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-secrets-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const path = () => join(folder, 'secrets.json');
const onDisk = () => readFileSync(path(), 'utf8');

/** A system's store of one account; what another account enciphered it does not read. */
function cipherOf(account: string): Cipher & { state: 'open' | 'locked' | 'absent' } {
  const cipher = {
    state: 'open' as 'open' | 'locked' | 'absent',
    isAvailable: () => cipher.state !== 'absent',
    encrypt(text: string) {
      if (cipher.state !== 'open') throw new Error(`locked, so there is no way to encipher ${text}`);
      return Buffer.from(`${account}:${Buffer.from(text).toString('hex')}`);
    },
    decrypt(bytes: Buffer) {
      const text = bytes.toString();
      if (cipher.state !== 'open' || !text.startsWith(`${account}:`)) throw new Error(`can't decipher ${text}`);
      return Buffer.from(text.slice(account.length + 1), 'hex').toString();
    },
  };
  return cipher;
}

describe('keeping secrets', () => {
  test('a file that an editor saved with a mark at its beginning or in UTF-16 is read', async () => {
    const text = `\uFEFF${JSON.stringify({ version: 1, secrets: { one: { by: 'nobody', text: KEY } } })}`;
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le')]) {
      writeFileSync(path(), bytes);
      const secrets = await openSecrets({ folder, cipher: null });
      expect(secrets.notices()).toEqual([]);
      expect(await secrets.get('one')).toBe(KEY);
    }
  });

  test('without any there is no file; one that is forgotten is not in the file any more', async () => {
    const secrets = await openSecrets({ folder, cipher: null });
    expect(await secrets.get('a')).toBeNull();
    await secrets.set('a', null);
    expect(existsSync(path())).toBe(false);
    await secrets.set('a', KEY);
    await secrets.set('b', 'other');
    expect(secrets.names()).toEqual(['a', 'b']);
    await secrets.set('a', null);
    expect(onDisk()).not.toContain(KEY);
    expect(await (await openSecrets({ folder, cipher: null })).get('b')).toBe('other');
  });

  test('where there is no store of the system the file is for this user only, and this is told', async () => {
    const secrets = await openSecrets({ folder, cipher: null });
    await secrets.set('a', KEY);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(secrets.protection()).toBe('file');
    expect(await (await openSecrets({ folder, cipher: null })).get('a')).toBe(KEY);
  });

  test('the system enciphers where it can: the file does not hold the text', async () => {
    const cipher = cipherOf('ann');
    const secrets = await openSecrets({ folder, cipher });
    expect(secrets.protection()).toBe('system');
    await secrets.set('a', KEY);
    expect(onDisk()).not.toContain(KEY);
    expect(secrets.protection()).toBe('system');
    expect(await (await openSecrets({ folder, cipher })).get('a')).toBe(KEY);
  });

  test('a store that refuses leaves the file, and this is told until the key is entered again', async () => {
    const cipher = cipherOf('ann');
    cipher.state = 'locked';
    const secrets = await openSecrets({ folder, cipher });
    await secrets.set('a', KEY);
    expect(secrets.protection()).toBe('file');
    expect(await secrets.get('a')).toBe(KEY);
    await secrets.set('a', null);
    expect(secrets.protection()).toBe('file');
    await secrets.set('a', KEY);
    cipher.state = 'open';
    expect(secrets.protection()).toBe('file');
    await secrets.set('a', KEY);
    expect(secrets.protection()).toBe('system');
    expect(onDisk()).not.toContain(KEY);
  });

  test('what a terminal wrote in plain text the desktop reads', async () => {
    await (await openSecrets({ folder, cipher: null })).set('a', KEY);
    expect(await (await openSecrets({ folder, cipher: cipherOf('ann') })).get('a')).toBe(KEY);
  });

  test('what another Hearth has kept counts after reading again, and is not lost with the next change', async () => {
    const window = await openSecrets({ folder, cipher: null });
    const terminal = await openSecrets({ folder, cipher: null });
    await terminal.set('backend:studio', KEY);
    await window.reload();
    expect(await window.get('backend:studio')).toBe(KEY);
    await window.set('backend:lab', 'another');
    writeFileSync(path(), 'not JSON');
    await window.reload();
    expect(window.names()).toEqual(['backend:studio', 'backend:lab']);
  });

  test('many changes at once end with the last ones on disk', async () => {
    const secrets = await openSecrets({ folder, cipher: null });
    await Promise.all(Array.from({ length: 40 }, (_, index) => secrets.set(`name-${index % 4}`, `text ${index}`)));
    const again = await openSecrets({ folder, cipher: null });
    expect(await Promise.all([0, 1, 2, 3].map((index) => again.get(`name-${index}`)))).toEqual([
      'text 36',
      'text 37',
      'text 38',
      'text 39',
    ]);
    expect(readdirSync(folder)).toEqual(['secrets.json']);
  });

  test('a file in the way of the folder: told, and it counts until the end', async () => {
    const inTheWay = join(folder, 'file');
    writeFileSync(inTheWay, '');
    const secrets = await openSecrets({ folder: inTheWay, cipher: null });
    const error: unknown = await secrets.set('a', KEY).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'settings_unwritable' });
    expect(JSON.stringify(error)).not.toContain(KEY);
    expect(await secrets.get('a')).toBe(KEY);
  });
});

describe('what cannot be read here', () => {
  const enciphered = async () => {
    await (await openSecrets({ folder, cipher: cipherOf('ann') })).set('a', KEY);
  };

  test.each([
    ['in a terminal', () => null, 'only the desktop app can ask'],
    ['in another account', () => cipherOf('bob'), 'another account'],
    [
      'while the store is locked',
      () => {
        const cipher = cipherOf('ann');
        cipher.state = 'locked';
        return cipher;
      },
      'may be locked',
    ],
  ])('%s: the error says so and nothing is deleted', async (_, cipher, reason) => {
    await enciphered();
    const secrets = await openSecrets({ folder, cipher: cipher() });
    const error: unknown = await secrets.get('a').catch((failed: unknown) => failed);
    expect(error).toMatchObject({
      code: 'secret_unreadable',
      params: { name: 'a', reason: expect.stringContaining(reason) },
    });
    expect(secrets.names()).toEqual(['a']);
    await secrets.set('b', 'other');
    expect(await (await openSecrets({ folder, cipher: cipherOf('ann') })).get('a')).toBe(KEY);
  });

  test('an entry of a newer Hearth stays as it is', async () => {
    writeFileSync(
      path(),
      JSON.stringify({ secrets: { a: { by: 'hardware', slot: 3 }, b: { by: 'nobody', text: 'x' } } }),
    );
    const secrets = await openSecrets({ folder, cipher: null });
    await expect(secrets.get('a')).rejects.toMatchObject({ code: 'secret_unreadable' });
    await secrets.set('b', 'y');
    expect(JSON.parse(onDisk())).toMatchObject({ secrets: { a: { by: 'hardware', slot: 3 } } });
  });
});

describe('files that cannot be used', () => {
  test.each([
    ['cut off in the middle', `{"secrets":{"a":{"by":"nobody","text":"${KEY}`],
    ['not of this kind', `["${KEY}"]`],
    ['empty', ''],
  ])('%s: kept aside under a name that is told, nothing of it in the log', async (_, content) => {
    writeFileSync(path(), content);
    const log = createLog({ folder: join(folder, 'logs') });
    const secrets = await openSecrets({ folder, cipher: null, log, now: () => new Date(0) });
    log.close();
    const kept = 'secrets-corrupt-1970-01-01T00-00-00-000Z.json';
    expect(secrets.notices()).toMatchObject([{ id: 'secrets_corrupt', info: { params: { kept } } }]);
    expect(secrets.notices()[0]?.info.message).toContain(kept);
    expect(readFileSync(join(folder, kept), 'utf8')).toBe(content);
    expect(readFileSync(join(folder, 'logs/hearth.log'), 'utf8')).not.toContain('very-private');
    await secrets.set('a', 'new');
    expect((await openSecrets({ folder, cipher: null })).notices()).toEqual([]);
  });

  test('a folder in place of the file is moved aside too', async () => {
    mkdirSync(path());
    const secrets = await openSecrets({ folder, cipher: null });
    expect(secrets.notices()).toHaveLength(1);
    await secrets.set('a', KEY);
    expect(await (await openSecrets({ folder, cipher: null })).get('a')).toBe(KEY);
  });

  test('a file that came back from a backup with open rights gets narrow ones', async () => {
    await (await openSecrets({ folder, cipher: null })).set('a', KEY);
    chmodSync(path(), 0o644);
    await openSecrets({ folder, cipher: null });
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });
});
