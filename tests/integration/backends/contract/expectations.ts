// What is expected of an answer, and of a failure.
import { expect } from 'vitest';
import type { ErrorCode } from '../../../../src/contract/errors.ts';
import { HearthError } from '../../../../src/main/errors/index.ts';
import type { Heard } from '../setup.ts';
import type { Stage, Subject } from './subject.ts';

/** @param expected null: whatever it says */
export function expectAnswer(stage: Stage, { events, text, error }: Heard, expected: string | null): void {
  expect(error).toBeNull();
  if (expected === null) expect(text).not.toBe('');
  else expect(stage.read?.(text) ?? text).toBe(expected);
  const first = events.findIndex(({ type }) => type !== 'loading');
  const said = events.slice(first, -1);
  expect(said.every(({ type }) => type === 'text' || type === 'thinking')).toBe(true);
  const last = events.at(-1);
  expect(last).toMatchObject({ type: 'done', reason: expect.stringMatching(/^(?:stop|length)$/) });
  if (last?.type !== 'done') return;
  const { wasPromptCut: _told, cut: _cut, ...counts } = last.usage;
  const names = ['answerMs', 'answerTokens', 'firstTokenMs', 'loadMs', 'promptTokens', 'totalMs'];
  expect(Object.keys(counts).toSorted()).toEqual(names);
  for (const count of Object.values(counts)) if (count !== null) expect(count).toBeGreaterThanOrEqual(0);
}

export function expectFailure(heard: Heard, code: ErrorCode | undefined, kept: string | null): void {
  expect(heard.error).toBeInstanceOf(HearthError);
  expect(heard.error).toMatchObject({ code });
  expectNoEnd(heard);
  if (kept !== null) expect(heard.text).toBe(kept);
}

export function expectNoEnd({ events }: Heard): void {
  expect(events.filter(({ type }) => type === 'done')).toEqual([]);
}

export function expectNamed(error: unknown, { named }: Subject): void {
  expect((error as Error).message).toContain(named);
}
