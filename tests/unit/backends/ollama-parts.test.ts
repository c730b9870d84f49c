// The parts of the Ollama backend that need no server: lines, records, models, the watch on a load.
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createLineSplitter, LINE_MAX_CHARS } from '../../../src/main/ollama/api/lines.ts';
import { watchLoading } from '../../../src/main/backends/ollama/loading.ts';
import { isSameModel, type LoadedModel, readListed } from '../../../src/main/ollama/index.ts';
import { chatModels, embeddingModel } from '../../../src/main/backends/ollama/models.ts';
import { readRecord } from '../../../src/main/backends/ollama/records.ts';

describe('lines', () => {
  it('come out whole, wherever the bytes are split', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\n\uFEFF]/.test(text));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(20)), (lines, cuts) => {
        const bytes = Buffer.from(lines.join('\n'));
        const splitter = createLineSplitter();
        const found: string[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          found.push(...(splitter.push(bytes.subarray(at, at + cut)) ?? []));
          at += cut;
        }
        expect([...found, splitter.rest()].join('\n')).toBe(Buffer.from(lines.join('\n')).toString());
      }),
    );
  });

  it('have an end', () => {
    const splitter = createLineSplitter();
    const chunk = Buffer.alloc(LINE_MAX_CHARS / 2, 'x');
    expect(splitter.push(chunk)).toEqual([]);
    expect(splitter.push(chunk)).toEqual([]);
    expect(splitter.push(chunk)).toBeNull();
  });
});

describe('a record', () => {
  it('is a piece, or the end with its counts', () => {
    expect(readRecord('{"message":{"content":"a","thinking":"b"},"done":false}', 'h')).toEqual({
      isDone: false,
      text: 'a',
      thinking: 'b',
    });
    const last =
      '{"message":{"content":""},"done":true,"done_reason":"length","eval_count":24,"eval_duration":2500000}';
    expect(readRecord(last, 'h')).toMatchObject({
      isDone: true,
      reason: 'length',
      counts: { promptTokens: null, answerTokens: 24, loadMs: null, answerMs: 2.5 },
    });
  });

  it.each([
    ['{"error":"out of memory."}', 'backend_failed'],
    ['{"error":{"code":5,"error":{"message":"out of memory"}}}', 'backend_failed'],
    ['{"message":{"content":"a', 'backend_garbage'],
  ])('%s is none', (line, code) => {
    expect(() => readRecord(line, 'h')).toThrow(expect.objectContaining({ code }));
  });

  it.each(['<!DOCTYPE html><p>', '%PDF', '[]', '"text"', 'null', '{"status":"ok"}', '{"message":"hm"}', ': ping'])(
    '%s is one that nobody knows',
    (line) => {
      expect(readRecord(line, 'h')).toBeNull();
    },
  );

  it.each([
    '{"message":{"content":"a","thinking":null},"done":false,"error":null}',
    'data: {"message":{"content":"a"}}',
    '\uFEFF{"message":{"content":"a","thinking":{}},"done":"false"}\r',
    '{"message":"a","done":false}',
    '{"response":"a","done":false}',
  ])('%s is one', (line) => {
    expect(readRecord(line, 'h')).toEqual({ isDone: false, text: 'a', thinking: '' });
  });

  it.each(['{"done":"true"}', 'data: [DONE]', '{"done":true,"done_reason":null}', '{"done":true,"done_reason":"x"}'])(
    '%s is the end',
    (line) => {
      expect(readRecord(line, 'h')).toMatchObject({ isDone: true, reason: 'stop', isOnlyLoad: false });
    },
  );
});

describe('models', () => {
  const details = { family: 'llama', families: ['llama'], parameter_size: '3B', quantization_level: 'Q4_0' };
  it('are those that chat, the one changed last first', () => {
    const listed = [
      { name: 'old', size: 5, modified_at: '2024-01-01T00:00:00Z', details },
      { name: 'new', size: 6, modified_at: '2026-01-01T00:00:00.123456789+02:00', details },
      { name: 'nomic', modified_at: '2027-01-01T00:00:00Z', details: { ...details, family: 'nomic-bert' } },
      { name: 'mxbai-embed-large', modified_at: '2027-01-01T00:00:00Z', details },
      { name: 'vectors', modified_at: '2027-01-01T00:00:00Z', details, capabilities: ['embedding'] },
      { name: 'my-bert-chat', modified_at: '2025-01-01T00:00:00Z', details, capabilities: ['completion'] },
    ];
    expect(chatModels(readListed({ models: listed }) ?? []).map(({ name }) => name)).toEqual([
      'new',
      'my-bert-chat',
      'old',
    ]);
    expect(chatModels(readListed({ models: listed }) ?? [])[0]).toEqual({
      name: 'new',
      sizeBytes: 6,
      family: 'llama',
      parameters: '3B',
      quantization: 'Q4_0',
    });
  });

  it('for vectors are those that run where they are listed', () => {
    const vectors = (name: string, more: object) => ({ name, details, capabilities: ['embedding'], ...more });
    const here = vectors('here', { modified_at: '2024-01-01T00:00:00Z' });
    const remote = vectors('there', { modified_at: '2026-01-01T00:00:00Z', remote_host: 'https://ollama.com:443' });
    expect(embeddingModel(readListed({ models: [here, remote] }) ?? [])).toBe('here');
  });

  it('have one name with and without :latest', () => {
    expect(isSameModel('Tiny', 'tiny:latest')).toBe(true);
    expect(isSameModel('host:5000/a/tiny', 'host:5000/a/tiny:latest')).toBe(true);
    expect(isSameModel('tiny:1b', 'tiny')).toBe(false);
  });
});

describe('the watch on a load', () => {
  type Listed = Pick<LoadedModel, 'name' | 'expiresAt' | 'sizeBytes'>;
  /** What /api/ps tells at each look; the last one ends the watch. */
  async function watch(looks: (Listed[] | Error)[], runsUnderAnotherName = false): Promise<(string | null)[]> {
    const states: (string | null)[] = [];
    const controller = new AbortController();
    let at = 0;
    const loaded = () => {
      const now = looks[at] ?? [];
      at += 1;
      if (at > looks.length) controller.abort();
      return now instanceof Error ? Promise.reject(now) : Promise.resolve(now);
    };
    await watchLoading(
      { loaded, model: 'tiny', runsUnderAnotherName, delayMs: 0, pollMs: 0, onLook: (state) => states.push(state) },
      controller.signal,
    );
    return states;
  }
  const at = (expiresAt: string): Listed[] => [{ name: 'tiny:latest', expiresAt, sizeBytes: 1e12 }];
  const parent: Listed[] = [{ name: 'parent:latest', expiresAt: '1', sizeBytes: 1 }];

  it('tells a model in memory', async () => {
    expect(await watch([at('1'), at('1')])).toEqual([null, 'loaded']);
  });
  it('tells a load that is not listed yet, then its end', async () => {
    expect(await watch([[], [], at('1'), at('1')])).toEqual(['loading', 'loading', null, 'loaded']);
  });
  it('tells a load that is listed from its beginning: its time of unloading moves', async () => {
    expect(await watch([at('1'), at('2'), at('3'), at('3')])).toEqual([null, 'loading', 'loading', 'loaded']);
  });
  it('takes no longer than a load for one: then it is the first prompt that is read', async () => {
    const small = (expiresAt: string): Listed[] => [{ name: 'tiny:latest', expiresAt, sizeBytes: 0 }];
    const now = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValueOnce(1_900).mockReturnValue(2_100);
    expect(await watch([small('1'), small('2'), small('3')])).toEqual([null, 'loading', 'settling']);
    now.mockRestore();
  });
  it('tells one that shares the runner of another, which is listed under its name alone', async () => {
    expect(await watch([parent, parent, parent])).toEqual(['loading', 'loading', 'settling']);
    expect(await watch([parent], true)).toEqual(['settling']);
    expect(await watch([[], [], [], []], true)).toEqual(['loading', 'loading', 'loading', 'loading']);
  });
  it('tells nothing where the server does not', async () => {
    expect(await watch([new Error('404'), new Error('404')])).toEqual([]);
  });
});
