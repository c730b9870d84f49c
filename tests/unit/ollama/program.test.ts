import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseProgram, whyNotStartable } from '../../../src/main/ollama/server/program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-program-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, content: Buffer | string = '#!/bin/sh\n'): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: 0o755 });
  return file;
}

describe('chooseProgram', () => {
  const own = '/data/ollama/bin/ollama';
  const choose = (env: NodeJS.ProcessEnv, use: 'found' | 'own', installed: string | null = own) =>
    chooseProgram({ env, platform: 'linux', use, ownProgram: () => installed });

  it('takes what HEARTH_OLLAMA names, whatever the settings say', () => {
    for (const use of ['found', 'own'] as const)
      expect(choose({ HEARTH_OLLAMA: '/named' }, use)).toEqual({ file: '/named', from: 'named' });
  });

  it('takes Hearth’s own where the settings want it, and no other', () => {
    const found = program('bin/ollama');
    const env = { PATH: path.dirname(found) };
    expect(choose(env, 'own')).toEqual({ file: own, from: 'own' });
    expect(choose(env, 'own', null)).toBeNull();
  });

  it('prefers the one the user has installed to Hearth’s own otherwise', () => {
    const found = program('bin/ollama');
    expect(choose({ PATH: path.dirname(found) }, 'found')).toEqual({ file: found, from: 'found' });
    expect(choose({ PATH: folder }, 'found')).toEqual({ file: own, from: 'own' });
    expect(choose({ PATH: folder }, 'found', null)).toBeNull();
  });
});

describe('whyNotStartable', () => {
  const why = (file: string, platform: NodeJS.Platform = 'linux', from: 'found' | 'own' = 'found') =>
    whyNotStartable({ file, from }, platform, 'x64');
  const elf = (machine: number): Buffer => {
    const head = Buffer.alloc(64);
    head.write('7f454c46', 'hex');
    head.writeUInt16LE(machine, 18);
    return head;
  };

  it('passes programs of this computer and scripts', () => {
    expect(why(program('native', elf(62)))).toBeNull();
    expect(why(program('script'))).toBeNull();
    expect(why(program('mac', Buffer.from('cffaedfe0c000001', 'hex')), 'darwin')).toBeNull();
  });

  it('tells those of another kind, and what is no program', () => {
    const said = 'was made for another kind of computer';
    expect(why(program('arm', elf(183)))).toContain(said);
    expect(why(program('windows', 'MZ and more than twenty bytes'))).toContain(said);
    expect(why(program('text', 'just some words, not a program'))).toContain(said);
    expect(why(program('empty', ''))).toContain(said);
    expect(why(program('linux', elf(62)), 'darwin')).toContain(said);
  });

  it('has its own words for Hearth’s own that is not there any more', () => {
    const gone = path.join(folder, 'gone');
    expect(why(gone, 'linux', 'own')).toContain('is incomplete');
    expect(why(gone)).toContain('there is no file at');
  });
});
