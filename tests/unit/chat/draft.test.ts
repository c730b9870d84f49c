import { describe, expect, it } from 'vitest';
import { createDraft } from '../../../src/main/chat/draft.ts';
import { newConversationId, newMessageId } from '../../support/answers.ts';
import { noUsage, scriptedSource } from '../../support/scripted-backends.ts';

function scene() {
  let nowMs = 0;
  const start = { id: newMessageId(), conversationId: newConversationId(), parentId: newMessageId(), createdAtMs: 7 };
  return {
    draft: createDraft(start, () => nowMs),
    at: (ms: number) => {
      nowMs = ms;
    },
  };
}

describe('an answer while it is written', () => {
  it('measures from the question to the backend that answered, and from the queue to the end', () => {
    const { draft, at } = scene();
    at(100);
    draft.begin();
    draft.ask({ ...scriptedSource, label: 'first choice' });
    at(150);
    draft.ask(scriptedSource);
    at(180);
    draft.add('text', 'a');
    at(400);
    draft.finish(noUsage);
    expect(draft.usage()).toEqual({ ...noUsage, firstTokenMs: 30, answerMs: 220, totalMs: 300 });
  });

  it('believes the engine where it tells', () => {
    const { draft } = scene();
    draft.begin();
    draft.add('text', 'a');
    const reported = { promptTokens: 1, answerTokens: 2, loadMs: 3, firstTokenMs: 4, answerMs: 5, totalMs: 6 };
    draft.finish(reported);
    expect(draft.usage()).toEqual(reported);
  });

  it('took until it was ended, however long ago its last token came', () => {
    const { draft, at } = scene();
    draft.begin();
    draft.ask(scriptedSource);
    at(300);
    draft.add('thinking', 'hm');
    at(3_000);
    expect(draft.usage()).toMatchObject({ firstTokenMs: 300, totalMs: 3_000 });
  });

  it('takes what it has for the other thing once that is known', () => {
    const { draft } = scene();
    draft.add('text', 'a');
    draft.add('text', 'b');
    draft.relabel('thinking');
    draft.add('text', 'c');
    expect([draft.text('thinking'), draft.text('text')]).toEqual(['ab', 'c']);
    draft.relabel('text');
    expect([draft.text('thinking'), draft.text('text')]).toEqual(['', 'abc']);
  });

  it('keeps why the answer was cut', () => {
    const { draft } = scene();
    const cut = { why: 'repetition', limitTokens: null } as const;
    draft.add('text', 'a');
    draft.finish({ ...noUsage, cut });
    expect(draft.message({ state: 'done', error: null, settledAtMs: 9 }).usage).toMatchObject({ cut });
  });

  it('claims no times when nothing came', () => {
    const { draft } = scene();
    draft.begin();
    draft.ask(scriptedSource);
    expect(draft.usage()).toBeNull();
  });

  it('waits until a backend is asked, then streams, then is as it ended', () => {
    const { draft } = scene();
    expect(draft.message()).toMatchObject({ state: 'waiting', parts: [], settledAtMs: null, createdAtMs: 7 });
    draft.ask(scriptedSource);
    draft.add('text', 'a');
    draft.add('thinking', 'h');
    draft.add('text', 'b');
    expect(draft.message()).toMatchObject({
      state: 'streaming',
      parts: [
        { type: 'thinking', text: 'h' },
        { type: 'text', text: 'ab' },
      ],
    });
    expect(draft.message({ state: 'stopped', error: null, settledAtMs: 9 })).toMatchObject({
      state: 'stopped',
      settledAtMs: 9,
    });
  });
});
