import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOllama, namedOllama, problemWith } from '../../../src/main/ollama/server/find.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-find-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, mode = 0o755): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, mode);
  return file;
}

describe('findOllama', () => {
  it('takes the first that may be run on PATH', () => {
    program('text/ollama', 0o644);
    mkdirSync(path.join(folder, 'dir/ollama'), { recursive: true });
    const right = program('bin/ollama');
    program('later/ollama');
    const PATH = ['missing', 'text', 'dir', 'bin', 'later'].map((one) => path.join(folder, one)).join(':');
    expect(findOllama({ PATH }, 'linux')).toBe(right);
  });

  it('follows a symbolic link and passes over a broken one', () => {
    program('real');
    mkdirSync(path.join(folder, 'broken'));
    mkdirSync(path.join(folder, 'good'));
    symlinkSync(path.join(folder, 'nothing'), path.join(folder, 'broken/ollama'));
    symlinkSync(path.join(folder, 'real'), path.join(folder, 'good/ollama'));
    expect(findOllama({ PATH: `${folder}/broken:${folder}/good` }, 'linux')).toBe(path.join(folder, 'good/ollama'));
  });

  it('finds nothing without a PATH and in folders that depend on where Hearth was started', () => {
    program('ollama');
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(findOllama({}, 'linux')).toBeNull();
      expect(findOllama({ PATH: '' }, 'linux')).toBeNull();
      expect(findOllama({ PATH: ':.:./' }, 'linux')).toBeNull();
    } finally {
      process.chdir(before);
    }
  });

  it('reads PATH as Windows writes it', () => {
    // To the file system of the test this is one long name in the current folder.
    const file = String.raw`D:\tools\ollama.exe`;
    program(file);
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(findOllama({ Path: String.raw`C:\none;D:\tools` }, 'win32')).toBe(file);
      expect(findOllama({ PATH: String.raw`C:\none;D:\tools` }, 'win32')).toBe(file);
    } finally {
      process.chdir(before);
    }
  });
});

it('passes over folders on PATH that the system does not let it look into', () => {
  symlinkSync(path.join(folder, 'circle'), path.join(folder, 'circle'));
  const good = program('good/ollama');
  const PATH = [path.join(folder, 'circle'), path.dirname(good)].join(path.delimiter);
  expect(findOllama({ PATH }, 'linux')).toBe(good);
});

describe('places of installers', () => {
  it('are looked at after PATH on macOS and Windows, and nowhere else', () => {
    const inApp = program('home/Applications/Ollama.app/Contents/Resources/ollama');
    const HOME = path.join(folder, 'home');
    expect(findOllama({ HOME }, 'darwin')).toBe(inApp);
    const onPath = program('bin/ollama');
    expect(findOllama({ HOME, PATH: path.dirname(onPath) }, 'darwin')).toBe(onPath);
    expect(findOllama({ HOME }, 'linux')).toBeNull();
    // One long name in the current folder, as above.
    const local = String.raw`C:\Users\ann\AppData\Local`;
    program(String.raw`${local}\Programs\Ollama\ollama.exe`);
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(findOllama({ LOCALAPPDATA: local }, 'win32')).toBe(String.raw`${local}\Programs\Ollama\ollama.exe`);
    } finally {
      process.chdir(before);
    }
  });
});

describe('namedOllama', () => {
  it('is HEARTH_OLLAMA made absolute, also when nothing lies there', () => {
    const wrong = path.join(folder, 'wrong');
    expect(namedOllama({ HEARTH_OLLAMA: wrong })).toBe(wrong);
    expect(namedOllama({ HEARTH_OLLAMA: 'build/ollama' })).toBe(path.resolve('build/ollama'));
    expect(namedOllama({ HEARTH_OLLAMA: ' ' })).toBeNull();
    expect(namedOllama({})).toBeNull();
  });
});

describe('problemWith', () => {
  it('names what speaks against a file', () => {
    expect(problemWith(path.join(folder, 'none'))).toBe('missing');
    expect(problemWith(path.join(program('file'), 'below'))).toBe('missing');
    expect(problemWith(path.join(folder, 'x'.repeat(300)))).toBe('missing');
    expect(problemWith(folder)).toBe('folder');
    expect(problemWith(program('text', 0o644))).toBe('not_executable');
    expect(problemWith(program('good'))).toBeNull();
  });
});
