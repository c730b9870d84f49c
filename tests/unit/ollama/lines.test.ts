import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastWords, lineCutter, listening } from '../../../src/main/ollama/server/lines.ts';

function cutAll(chunks: readonly Buffer[]): string[] {
  const cutter = lineCutter();
  return [...chunks.flatMap((chunk) => cutter.push(chunk)), ...cutter.end()];
}

describe('lineCutter', () => {
  it('gives the same lines wherever the bytes are split', () => {
    const text = 'Ŀine öne\r\nline two “with quotes” 𝄞\n\nlast without a line feed';
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (places) => {
        const at = [0, ...places.toSorted((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(cutAll(chunks)).toEqual(text.split(/\r?\n/));
      }),
    );
  });

  it('cuts a line without an end instead of keeping it', () => {
    const cutter = lineCutter();
    const pieces = Array.from({ length: 40 }, () => cutter.push(Buffer.alloc(10_000, 'x'))).flat();
    expect(pieces.length).toBeGreaterThan(1);
    expect([...pieces, ...cutter.end()].join('')).toBe('x'.repeat(400_000));
  });

  it('masks a password in a proxy URL and nothing else', () => {
    const line = 'env="map[HTTPS_PROXY:http://ann:s3cret@proxy.example:3128 NO_PROXY:a@b]" x=http://h/p@q';
    expect(cutAll([Buffer.from(`${line}\n`)])).toEqual([line.replace('ann:s3cret@', '***@')]);
  });
});

describe('listening', () => {
  const recorded = JSON.parse(readFileSync('tests/fixtures/ollama/serve-log.json', 'utf8')) as { lines: string[] };

  it('hears exactly one line of the recorded log', () => {
    const heard = recorded.lines.map(listening).filter((found) => found !== null);
    expect(heard).toEqual([{ port: 21_500, version: '0.0.0' }]);
  });

  it('hears it also where every interface is listened on', () => {
    expect(listening('level=INFO msg="Listening on [::]:36865 (version 0.32.5)"')).toEqual({
      port: 36_865,
      version: '0.32.5',
    });
  });

  it('does not take the line of a runner for it', () => {
    expect(listening('source=runner.go:1001 msg="Server listening on 127.0.0.1:35027"')).toBeNull();
  });
});

describe('lastWords', () => {
  it('prefers an error to what came after it', () => {
    expect(lastWords(['a', 'Error: listen tcp 127.0.0.1:1: bind: address already in use', 'bye', ''])).toBe(
      'listen tcp 127.0.0.1:1: bind: address already in use',
    );
  });

  it('is the last line with a text in it, or nothing', () => {
    expect(lastWords(['usage', '  ', ''])).toBe('usage');
    expect(lastWords([' ', ''])).toBeNull();
  });

  it('is short', () => {
    expect(lastWords(['Error: '.padEnd(5_000, 'y')])?.length).toBeLessThan(300);
  });
});
