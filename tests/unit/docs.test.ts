// What the pages say must be true of the files: named files exist, links lead somewhere, every room has its page.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const NOT_OURS = new Set(['node_modules', 'out', 'vendor', 'test-results', 'dist']);

/** Every file of the project below a folder, from the root. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || NOT_OURS.has(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const files = filesBelow('');
const tests = files.filter((file) => /\.test\.tsx?$/.test(file));
const pages = files.filter((file) => file.endsWith('.md')).map((file) => ({ file, text: read(file) }));

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

describe.each(pages)('$file', ({ file, text }) => {
  it('links only to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)|(?:src|srcset)="([^"]+)"/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    const broken = links.filter((link) => !/^[a-z]+:/.test(link) && !existsSync(resolve(root, dirname(file), link)));
    expect(broken).toEqual([]);
  });

  it('names only files that are there', () => {
    const named = [...text.matchAll(/`((?:tests|src|docs|scripts|bench|resources)\/[\w./-]+)`/g)].map(
      (match) => match[1] ?? '',
    );
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only tests that are there', () => {
    // Also by their bare name, as pages do after the first time.
    const named = [...text.matchAll(/`([\w-]+\.test\.tsx?)`/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !tests.some((test) => test.endsWith(`/${name}`)))).toEqual([]);
  });

  it('quotes only words of the tests that it names', () => {
    // (`own-ollama.test.ts`, "a part of a title")
    const quotes = [...text.matchAll(/`(?:[\w/-]*\/)?([\w-]+\.test\.tsx?)`, "([^"]+)"/g)];
    const missing = quotes.filter(([, name = '', title = '']) => {
      const holders = tests.filter((test) => test.endsWith(`/${name}`));
      return !holders.some((test) => read(test).includes(title));
    });
    expect(missing.map(([quote]) => quote)).toEqual([]);
  });
});

describe('pages', () => {
  it('are there for every room', () => {
    const rooms = [...foldersOf('src/main'), ...foldersOf('src/renderer/features')];
    expect(rooms.filter((room) => !existsSync(join(root, room, 'README.md')))).toEqual([]);
  });

  it('of the decisions are numbered without a gap', () => {
    const numbers = filesBelow('docs/decisions')
      .map((file) => /^(\d{4})-[\w-]+\.md$/.exec(relative('docs/decisions', file))?.[1])
      .filter((number) => number !== undefined);
    expect(numbers.toSorted()).toEqual(numbers.map((_each, index) => String(index + 1).padStart(4, '0')));
  });

  it('name only commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap(({ text }) => [...text.matchAll(/`npm run ([\w:-]+)/g)].map((match) => match[1] ?? ''));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

function foldersOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}
