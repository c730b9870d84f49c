// Whose computer, which model, for which reason: in words that are true.
import { describe, expect, it } from 'vitest';
import type { AnswerSource } from '../../../src/contract/conversations.ts';
import sentences from '../../../resources/locales/en/errors.json' with { type: 'json' };
import { sourceNote, whatHappened } from '../../../src/renderer/features/chat/origin.ts';
import { isThisComputer, placeOf } from '../../../src/renderer/lib/hosts.ts';
import { originOf, safeHref } from '../../../src/renderer/features/chat/safe-links.ts';
import { demoSource, ollamaSource } from '../../support/answers.ts';

const noteOf = (source: AnswerSource) => sourceNote({ source, state: 'done' });

describe('places', () => {
  it.each([null, 'localhost', 'localhost:11434', '127.0.0.1:11434', '127.8.0.1', '[::1]:11434', '0.0.0.0:11434'])(
    '%s is this computer',
    (host) => {
      expect(isThisComputer(host)).toBe(true);
    },
  );

  it.each([
    'studio.local:11434',
    '192.168.1.20:11434',
    '127.0.0.1.evil.example',
    '127.evil.example',
    'localhost.evil.example:80',
    'no host',
  ])('%s is not', (host) => {
    expect(isThisComputer(host)).toBe(false);
  });
});

describe('networks', () => {
  it.each([
    ['192.168.1.20:11434', 'network'],
    ['10.0.0.7', 'network'],
    ['[fe80::1]:11434', 'network'],
    ['studio.local:11434', 'network'],
    ['studio', 'network'],
    ['10.evil.example', 'internet'],
    ['172.32.0.1', 'internet'],
    ['no host', 'internet'],
  ] as const)('%s is in the %s', (host, place) => expect(placeOf(host)).toBe(place));
});

describe('reasons', () => {
  it('takes what happened from a sentence and leaves what to do', () => {
    const reason = (message: string) => whatHappened({ code: 'internal', message, params: {} });
    expect(reason('No Ollama was found')).toBe('No Ollama was found');
    expect(reason('No Ollama answers at 127.0.0.1:11434. Check that it runs.')).toBe(
      'No Ollama answers at 127.0.0.1:11434',
    );
    expect(reason('Ollama could not be started: no rights. Look at its log.')).toBe('Ollama could not be started');
  });

  it('keeps what an engine says of it, unless that is long', () => {
    const told = (reason: string) =>
      whatHappened({
        code: 'backend_failed',
        message: `Ollama could not answer: ${reason}. Ask again.`,
        params: { reason },
      });
    expect(told('model requires more memory (9.1 GiB). Free: 3 GiB')).toBe(
      'Ollama could not answer: model requires more memory (9.1 GiB). Free: 3 GiB',
    );
    expect(told('x'.repeat(200))).toBe('Ollama could not answer');
    // A sentence that names it elsewhere.
    expect(whatHappened({ code: 'internal', message: 'It broke. Because: rust.', params: { reason: 'rust' } })).toBe(
      'It broke',
    );
  });

  it('is short for every sentence of the catalogue', () => {
    for (const message of Object.values<string>(sentences)) {
      const words = whatHappened({ code: 'internal', message, params: {} });
      expect(words.length).toBeGreaterThan(3);
      expect(words.length).toBeLessThan(110);
      expect(words).not.toMatch(/[.:]$/);
    }
  });

  it('notes every source but the first choice on this computer', () => {
    expect(noteOf(ollamaSource)).toBeNull();
    expect(noteOf(demoSource)).toMatchObject({ kind: 'demo', reason: 'No Ollama was found' });
    expect(noteOf({ ...demoSource, skipped: [] })).toMatchObject({ kind: 'demo', reason: null });
    expect(noteOf({ ...ollamaSource, host: 'studio.local:1' })).toMatchObject({
      kind: 'away',
      host: 'studio.local',
    });
    expect(noteOf({ ...ollamaSource, skipped: demoSource.skipped })).toMatchObject({ kind: 'engine' });
  });

  it('names MLX always, and a server elsewhere also where it was the first choice', () => {
    const mlx = { ...ollamaSource, kind: 'mlx' as const, label: 'MLX', host: null };
    expect(noteOf(mlx)).toMatchObject({ kind: 'engine', label: 'MLX', reason: null });
    for (const kind of ['openai', 'query'] as const) {
      const here = { ...ollamaSource, kind, label: 'Studio', host: '127.0.0.1:1234' };
      expect(noteOf(here)).toBeNull();
      expect(noteOf({ ...here, host: 'studio.local:1234' })).toMatchObject({
        kind: 'away',
        label: 'Studio',
        host: 'studio.local',
        reason: null,
      });
      expect(noteOf({ ...here, skipped: demoSource.skipped })).toMatchObject({
        kind: 'engine',
        reason: 'No Ollama was found',
      });
    }
  });

  it('tells of an engine that rests what it rests for', () => {
    const reason = 'No Ollama answers at 127.0.0.1:11434. Check that it runs.';
    const message = `Ollama failed a moment ago and is asked again in 20 s. The reason was: ${reason}`;
    const resting = { code: 'backend_resting' as const, message, params: { backend: 'Ollama', seconds: 20, reason } };
    expect(whatHappened(resting)).toBe('No Ollama answers at 127.0.0.1:11434');
    expect(whatHappened({ ...resting, params: {} })).toBe('Ollama failed a moment ago and is asked again in 20 s');
  });
});

describe('addresses', () => {
  it('opens the web and mail, nothing else', () => {
    expect(safeHref('https://example.org')).toBe('https://example.org/');
    expect(safeHref('mailto:a@example.org')).toBe('mailto:a@example.org');
    for (const bad of [
      'javascript:1',
      ' javascript:1',
      'data:text/html,1',
      'file:///x',
      'blob:https://x/1',
      '//x',
      '/x',
      '#x',
      'ftp://x',
      '',
      undefined,
      7,
    ]) {
      expect(safeHref(bad)).toBeNull();
    }
  });

  it('names where a picture would have come from', () => {
    expect(originOf('https://evil.example/a.png?b')).toBe('evil.example');
    expect(originOf('data:image/png;base64,AA')).toBeNull();
    expect(originOf(undefined)).toBeNull();
  });
});
