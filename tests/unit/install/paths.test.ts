// No name in an archive, and no link, leads out of the folder it is unpacked into.
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackFolder } from '../../../src/main/ollama/install/archive/folder.ts';
import { entryPath, foldedPath, staysInside } from '../../../src/main/ollama/install/archive/paths.ts';

/** What attackers write names of. */
const piece = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    '/',
    '\\',
    'C:',
    '...',
    '.. ',
    'a',
    'b',
    'lib',
    'con',
    'a.',
    '\0',
    '~',
    '%2e%2e',
    'é',
    'é',
  ),
  fc.string({ maxLength: 3 }),
);
const name = fc
  .array(fc.tuple(piece, fc.constantFrom('/', '/', '/', '\\', '//', '')), { maxLength: 6 })
  .map((parts) => parts.map(([part, separator]) => part + separator).join(''));

const ROOT = { posix: '/data/engines', win32: String.raw`C:\data\engines` };

describe('the name of an entry', () => {
  it('never leads outside, on any system', () => {
    fc.assert(
      fc.property(name, (text) => {
        const parts = entryPath(text);
        if (parts === null) return;
        for (const system of ['posix', 'win32'] as const) {
          const inside = path[system].relative(ROOT[system], path[system].resolve(ROOT[system], ...parts));
          expect(inside.split(path[system].sep)).not.toContain('..');
          expect(path[system].isAbsolute(inside)).toBe(false);
          expect(inside.split(path[system].sep).filter((part) => part !== '')).toEqual(parts);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['./bin/ollama', ['bin', 'ollama']],
    ['lib//ollama/libggml-base.so.0.0.0', ['lib', 'ollama', 'libggml-base.so.0.0.0']],
    ['lib/ollama/', ['lib', 'ollama']],
    ['./', []],
    ['../x', null],
    ['a/../x', null],
    ['/x', null],
    [String.raw`a\x`, null],
    ['C:/x', null],
    ['a/nul.txt', null],
    ['a./x', null],
    ['a'.repeat(256), null],
  ])('%j becomes %j', (text, parts) => expect(entryPath(text)).toEqual(parts));

  it('is the same where a file system takes it for the same', () => {
    expect(foldedPath(['Lib', 'É'])).toBe(foldedPath(['lib', 'é']));
  });
});

describe('a link', () => {
  it.each([
    [['lib', 'libggml.so'], 'libggml.so.0', true],
    [['lib', 'ollama', 'x'], '../../bin/ollama', true],
    [['lib', 'ollama', 'x'], '../../../outside', false],
    [['x'], '..', false],
    [['x'], '/etc/passwd', false],
    [['x'], 'a/../../y', false],
    [['x'], 'a/..', false],
    [['x'], '', false],
    [['x'], '.', true],
  ])('%j to %j stays inside: %j', (link, target, isInside) => expect(staysInside(link, target)).toBe(isInside));
});

const entry = fc.oneof(
  fc.record({ kind: fc.constant('file' as const), name }),
  fc.record({ kind: fc.constant('directory' as const), name }),
  fc.record({ kind: fc.constant('link' as const), name, target: name }),
  fc.record({ kind: fc.constant('hardLink' as const), name, target: name }),
);
async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

it('whatever an archive holds, nothing appears beside the folder and no link in it leads out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
      const outside = mkdtempSync(path.join(tmpdir(), 'hearth-paths-'));
      try {
        const root = path.join(outside, 'root');
        const folder = unpackFolder(await madeFolder(root), { maxBytes: 1_000, signal: new AbortController().signal });
        // Those it refuses are left out, as no real unpacking would: the rest must hold even so.
        for (const { kind, name: at, ...rest } of entries) {
          const target = 'target' in rest ? rest.target : '';
          const done =
            kind === 'file'
              ? folder.file(at, once('x'), { isExecutable: false })
              : kind === 'directory'
                ? folder.directory(at)
                : kind === 'link'
                  ? folder.symbolicLink(at, target)
                  : folder.hardLink(at, target);
          await done.catch(() => undefined);
        }
        const isFine = await folder.finish().then(
          () => true,
          () => false,
        );
        expect(readdirSync(outside)).toEqual(['root']);
        if (!isFine) return;
        for (const found of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
          const real = realOf(path.join(root, found));
          expect(real === null || real === realpathSync(root) || real.startsWith(realpathSync(root) + path.sep)).toBe(
            true,
          );
        }
      } finally {
        rmSync(outside, { recursive: true, force: true });
      }
    }),
    { numRuns: 300 },
  );
});

async function madeFolder(folder: string): Promise<string> {
  const { mkdir } = await import('node:fs/promises');
  await mkdir(folder);
  return folder;
}

/** Null for a link that leads nowhere. */
function realOf(file: string): string | null {
  try {
    return realpathSync(file);
  } catch {
    return null;
  }
}
