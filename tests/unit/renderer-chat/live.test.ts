// How events become what is shown of a running answer.
import { describe, expect, it } from 'vitest';
import type { TurnEvent } from '../../../src/contract/chat.ts';
import {
  afterEvents,
  changeLive,
  dropLive,
  liveAnswer,
  setLive,
  useLiveAnswers,
} from '../../../src/renderer/features/chat/live.ts';
import { answerMessage, demoSource, ollamaSource, settledAs } from '../../support/answers.ts';

const answer = answerMessage();
const after = (events: TurnEvent[], nowMs = 0) => afterEvents(liveAnswer(answer), events, nowMs);
const place = { position: 2, etaMs: null, running: 1 };

describe('a running answer', () => {
  it('leaves the queue when a backend is asked, and names the one that answers in the end', () => {
    expect(after([{ type: 'queued', seq: 1, place }], 5).place).toEqual({ ...place, atMs: 5 });
    const live = after([
      { type: 'queued', seq: 1, place },
      { type: 'started', seq: 2, source: ollamaSource, sinceMs: 3 },
      { type: 'loading', seq: 3, model: 'm', sinceMs: 7 },
      { type: 'started', seq: 4, source: demoSource, sinceMs: 3 },
    ]);
    expect(live).toMatchObject({ place: null, loading: null, message: { state: 'streaming', source: demoSource } });
  });

  it('keeps thought and text apart and times the thought', () => {
    let live = after([{ type: 'delta', seq: 1, thinking: 'Let ' }], 1_000);
    live = afterEvents(live, [{ type: 'delta', seq: 2, thinking: 'me see.', text: 'It ' }], 4_000);
    live = afterEvents(live, [{ type: 'delta', seq: 3, text: 'is.' }], 9_000);
    expect(live.message.parts).toEqual([
      { type: 'thinking', text: 'Let me see.' },
      { type: 'text', text: 'It is.' },
    ]);
    expect(live).toMatchObject({ thinkingSinceMs: 1_000, thoughtMs: 3_000 });
  });

  it('shows what was said as a thought once it turns out to be one, and the other way round', () => {
    let live = after([{ type: 'delta', seq: 1, text: 'Hm.' }], 1_000);
    live = afterEvents(live, [{ type: 'relabel', seq: 2, as: 'thinking' }], 4_000);
    expect(live).toMatchObject({ thoughtMs: 3_000, message: { parts: [{ type: 'thinking', text: 'Hm.' }] } });
    live = afterEvents(live, [{ type: 'delta', seq: 3, text: 'Yes.' }], 9_000);
    expect(live.thoughtMs).toBe(3_000);
    expect(live.message.parts).toEqual([
      { type: 'thinking', text: 'Hm.' },
      { type: 'text', text: 'Yes.' },
    ]);
    const thought = after([{ type: 'delta', seq: 1, thinking: 'Yes.' }], 1_000);
    const said = afterEvents(thought, [{ type: 'relabel', seq: 2, as: 'text' }], 4_000);
    expect(said).toMatchObject({ thoughtMs: null, message: { parts: [{ type: 'text', text: 'Yes.' }] } });
  });

  it('forgets the loading line with the first word', () => {
    expect(after([{ type: 'loading', seq: 1, model: 'm', sinceMs: 7 }], 9).loading).toEqual({ model: 'm', sinceMs: 7 });
    expect(
      after([
        { type: 'loading', seq: 1, model: 'm', sinceMs: 7 },
        { type: 'delta', seq: 2, text: 'x' },
      ]).loading,
    ).toBeNull();
  });

  it('tells loading, reading and writing apart, each since it began', () => {
    const loading: TurnEvent = { type: 'loading', seq: 1, model: 'm', sinceMs: 7 };
    const known = { model: 'm', tokens: 900, readTokens: null, expectedMs: null, isLate: false, behind: null };
    const reading: TurnEvent = { type: 'reading', seq: 2, sinceMs: 8, ...known };
    expect(after([loading, reading])).toMatchObject({ loading: null, reading: { ...known, sinceMs: 8 } });
    const writing = after([loading, reading, { type: 'delta', seq: 3, text: 'x' }], 20);
    expect(writing).toMatchObject({ loading: null, reading: null, lastWordAtMs: 20 });
  });

  it('takes a snapshot and the settled message over what it held', () => {
    const whole = answerMessage('streaming', 'whole');
    const live = after([
      { type: 'delta', seq: 1, text: 'part' },
      { type: 'snapshot', seq: 9, message: whole, place: null },
    ]);
    expect(live.message).toEqual(whole);
    expect(afterEvents(live, [settledAs(whole, 'stored', 10)], 0).message).toMatchObject({
      state: 'done',
      parts: [{ text: 'stored' }],
    });
  });

  it('changes one answer without touching another', () => {
    const other = answerMessage();
    setLive(answer.id, liveAnswer(answer));
    setLive(other.id, liveAnswer(other));
    const before = useLiveAnswers.getState()[other.id];
    changeLive(answer.id, { isStopping: true });
    expect(useLiveAnswers.getState()[other.id]).toBe(before);
    dropLive(answer.id);
    changeLive(answer.id, { isStopping: true });
    expect(Object.keys(useLiveAnswers.getState())).toEqual([other.id]);
  });
});
