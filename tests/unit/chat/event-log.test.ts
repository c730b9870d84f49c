import { describe, expect, it } from 'vitest';
import { createEventLog } from '../../../src/main/chat/event-log.ts';
import { answerMessage } from '../../support/answers.ts';
import { scriptedSource } from '../../support/scripted-backends.ts';

const place = (position: number) => ({ type: 'queued' as const, place: { position, etaMs: null, running: 1 } });
const token = (text: string) => ({ type: 'delta' as const, text });

function logOf(...events: Parameters<ReturnType<typeof createEventLog>['append']>[0][]) {
  const log = createEventLog();
  for (const event of events) log.append(event);
  return log;
}

describe('the event log', () => {
  it('is empty at first', () => {
    const log = createEventLog();
    expect([log.lastSeq(), log.isOver(), log.next(0), log.urgency(0)]).toEqual([0, false, null, null]);
  });

  it('gives the first token a message of its own, at once, and merges its neighbours', () => {
    const log = logOf(token('a'), token('b'), token('c'));
    expect(log.urgency(0)).toBe('now');
    expect(log.next(0)).toEqual({ type: 'delta', seq: 1, text: 'a' });
    expect(log.urgency(1)).toBe('frame');
    expect(log.next(1)).toEqual({ type: 'delta', seq: 3, text: 'bc' });
    expect(log.next(2)).toEqual({ type: 'delta', seq: 3, text: 'c' });
    expect(log.next(3)).toBeNull();
  });

  it('merges thinking and text into one message without mixing them', () => {
    const log = logOf(token(''), { type: 'delta', thinking: 'h' }, { type: 'delta', thinking: 'm' }, token('x'));
    expect(log.next(1)).toEqual({ type: 'delta', seq: 4, thinking: 'hm', text: 'x' });
  });

  it('merges deltas only up to the next other event', () => {
    const log = logOf(token('a'), token('b'), { type: 'loading', model: 'm', sinceMs: 1 }, token('c'));
    expect(log.next(1)).toEqual({ type: 'delta', seq: 2, text: 'b' });
    expect(log.next(2)).toEqual({ type: 'loading', seq: 3, model: 'm', sinceMs: 1 });
    expect(log.next(3)).toEqual({ type: 'delta', seq: 4, text: 'c' });
  });

  it('leaves out places that something newer replaces', () => {
    const log = logOf(place(2), place(1));
    expect(log.next(0)).toMatchObject({ type: 'queued', seq: 2, place: { position: 1 } });
    log.append({ type: 'started', source: scriptedSource, sinceMs: 1 });
    expect(log.next(0)).toMatchObject({ type: 'started', seq: 3 });
  });

  it('leaves out a reading that something newer replaces', () => {
    const known = { model: 'm', tokens: 900, readTokens: null, expectedMs: null, isLate: false, behind: null };
    const reading = (readTokens: number) => ({ type: 'reading' as const, sinceMs: 1, ...known, readTokens });
    const log = logOf(reading(100), reading(200));
    expect(log.next(0)).toMatchObject({ type: 'reading', seq: 2, readTokens: 200 });
    log.append(token('a'));
    expect(log.next(0)).toMatchObject({ type: 'delta', seq: 3 });
  });

  it('is over when the answer is settled', () => {
    const log = logOf(token('a'));
    log.append({ type: 'settled', message: answerMessage('done', 'a') });
    expect(log.isOver()).toBe(true);
    expect(log.next(1)).toMatchObject({ type: 'settled', seq: 2 });
  });

  it('tells its listeners until they go', () => {
    const log = createEventLog();
    let told = 0;
    const stop = log.onAppend(() => told++);
    log.append(token('a'));
    stop();
    log.append(token('b'));
    expect(told).toBe(1);
  });
});
