// Every known way in which Ollama does not start has a sentence of its own.
import { describe, expect, it } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { gaveUp, problemOfEnd, reasonOfEnd, whyRestarted } from '../../../src/main/ollama/server/reasons.ts';

const at = '/opt/ollama';

describe('reasonOfEnd', () => {
  it.each([
    [
      'a port that is taken',
      ['Error: listen tcp 127.0.0.1:21434: bind: address already in use'],
      'another program uses 127.0.0.1:21434 already',
    ],
    [
      'the same on Windows',
      [
        'Error: listen tcp 127.0.0.1:21434: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.',
      ],
      'another program uses 127.0.0.1:21434 already',
    ],
    [
      'a port that is not allowed',
      ['Error: listen tcp 127.0.0.1:80: bind: permission denied'],
      'does not let Ollama listen at 127.0.0.1:80',
    ],
    [
      'a library that is missing',
      ['ollama: error while loading shared libraries: libstdc++.so.6: cannot open shared object file: No such file'],
      'needs the library libstdc++.so.6,',
    ],
    [
      'the same on macOS',
      ['dyld[311]: Library not loaded: @rpath/libggml.dylib', '  Referenced from: /opt/ollama'],
      'needs the library @rpath/libggml.dylib,',
    ],
    [
      'a system that is too old',
      ["/opt/ollama: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /opt/ollama)"],
      'needs a newer system than this one (GLIBC_2.34 is missing)',
    ],
    [
      'a program for another computer',
      ['hearth-ollama: 1: /opt/ollama: Exec format error'],
      'was made for another kind of computer',
    ],
    [
      'a folder that it may not use',
      ['Error: could not create directory mkdir /srv/models: permission denied'],
      'may not use a folder that it needs (“could not create directory mkdir /srv/models: permission denied”)',
    ],
    [
      'anything else',
      ['Error: the moon is full'],
      'ended before it was ready (exit code 1) and said “the moon is full”',
    ],
  ])('names %s', (_, lines, expected) => {
    expect(reasonOfEnd(at, { code: 1 }, lines)).toContain(expected);
  });

  it('names what the system says without words of the program', () => {
    expect(reasonOfEnd(at, { code: 0xc0_00_01_35 }, [])).toContain('needs a library that is not on this computer');
    expect(reasonOfEnd(at, { code: 126 }, ['sh: 1: /opt/ollama: Permission denied'])).toContain(
      'does not let you run /opt/ollama (exit code 126)',
    );
    expect(reasonOfEnd(at, { problem: 'EACCES' }, [])).toContain('does not let you run /opt/ollama (EACCES)');
    expect(reasonOfEnd(at, { problem: 'EMFILE' }, [])).toBe('the system did not start /opt/ollama (EMFILE)');
    expect(reasonOfEnd(at, { code: 0 }, ['hello'])).toContain('is not Ollama: it ended at once and said “hello”');
    expect(reasonOfEnd(at, { signal: 'SIGKILL' }, [])).toContain('without a word before it was ready (signal SIGKILL)');
  });
});

describe('after it was ready', () => {
  it('tells how it ended, and of a start that failed meanwhile without the last word', () => {
    expect(problemOfEnd({ signal: 'SIGSEGV' }).message).toBe(
      'Ollama ended by itself (signal SIGSEGV). Hearth is starting it again.',
    );
    const failed = new HearthError('ollama_start_failed', { reason: 'no library', log: '/log' });
    expect(whyRestarted(failed).message).toBe('Ollama ended by itself (no library). Hearth is starting it again.');
  });

  it('tells how often it ended, and its last words', () => {
    const problem = problemOfEnd({ code: 2 });
    const sentence = (lastLines: string[]) => gaveUp({ times: 5, windowMs: 120_000, problem, lastLines }).message;
    expect(sentence(['Error: out of memory.'])).toContain(
      'Ollama ended 5 times in 2 minutes, so Hearth stopped starting it. Its last words: out of memory. The log',
    );
    expect(sentence([])).toContain('Its last words: exit code 2.');
  });
});
