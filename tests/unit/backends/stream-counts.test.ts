// What servers count at the end of an answer, with every wrong type: each is a count that may go out, or null.
import { describe, expect, it } from 'vitest';
import { AnswerUsage } from '../../../src/contract/conversations.ts';
import { readRecord } from '../../../src/main/backends/ollama/records.ts';
import { readChunk } from '../../../src/main/backends/openai/chunks.ts';

const Counts = AnswerUsage.pick({ promptTokens: true, answerTokens: true, loadMs: true, answerMs: true }).partial();
const WRONG: [json: string, count: number | null][] = [
  ['7', 7],
  ['7.4', 7],
  ['"12"', 12],
  ['0', 0],
  ['-1', null],
  ['1e300', null],
  ['1e999', null],
  ['"1e300"', null],
  ['9007199254740993', null],
  ['null', null],
  ['"many"', null],
  ['""', null],
  ['{}', null],
  ['[7]', null],
  ['true', null],
];

describe.each(WRONG)('a count of %s', (json, count) => {
  it.each(['prompt_eval_count', 'eval_count', 'load_duration', 'eval_duration', 'prompt_eval_duration'])(
    'as %s of Ollama',
    (field) => {
      const record = readRecord(`{"message":{"content":"a"},"done":true,"${field}":${json}}`, 'h');
      if (record === null || !record.isDone) throw new Error('no end');
      expect(Counts.parse(record.counts)).toEqual(record.counts);
      expect(record.text).toBe('a');
      if (field === 'prompt_eval_count') expect(record.counts.promptTokens).toBe(count);
      if (field === 'eval_count') expect(record.counts.answerTokens).toBe(count);
      const told = field === 'eval_duration' ? record.counts.answerMs : record.readMs;
      if (field !== 'load_duration' && field.endsWith('duration'))
        expect(told === null ? null : Math.round(told * 1e6)).toBe(count);
    },
  );

  it.each(['prompt_tokens', 'completion_tokens'])('as %s of the others', (field) => {
    const value = JSON.parse(`{"choices":[{"delta":{"content":"a"}}],"usage":{"${field}":${json}}}`) as object;
    const chunk = readChunk(value as Record<string, unknown>);
    expect(Counts.parse(chunk.counts)).toEqual(chunk.counts);
    expect(chunk.text).toBe('a');
    expect(chunk.counts?.[field === 'prompt_tokens' ? 'promptTokens' : 'answerTokens']).toBe(count);
  });

  it('as what llama-server measured', () => {
    const value = JSON.parse(`{"choices":[],"usage":{},"timings":{"predicted_ms":${json}}}`) as Record<string, unknown>;
    const { counts } = readChunk(value);
    expect(Counts.parse(counts)).toEqual(counts);
    expect(counts && 'answerMs' in counts).toBe(count !== null);
  });
});
