// An answer that was cut, stopped or interrupted is carried on: a new one beside it that begins with its text.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MessageId } from '../../../src/contract/ids.ts';
import { writerOf } from '../../../src/contract/going-on.ts';
import { sentOf } from '../../../src/main/chat/going-on.ts';
import { answerMessage } from '../../support/answers.ts';
import { openChat, openScratchStorage, textIn, textOf, type ChatScene } from '../../support/chat-scene.ts';
import { ollamaReady } from '../../support/fake-main.ts';
import { noUsage, scriptedSource } from '../../support/scripted-backends.ts';

let scratch: Awaited<ReturnType<typeof openScratchStorage>>;
let scene: ChatScene;

beforeEach(async () => {
  scratch = await openScratchStorage();
  scene = openChat(scratch.storage);
});
afterEach(async () => {
  await scene.chat.close();
  await scratch.remove();
});

const cut = { why: 'length', limitTokens: 2 } as const;
const source = { type: 'source', source: scriptedSource } as const;
const text = (words: string) => ({ type: 'text', text: words }) as const;
const thinking = (words: string) => ({ type: 'thinking', text: words }) as const;
const done = { type: 'done', reason: 'stop', usage: { ...noUsage, answerTokens: 7 } } as const;

/** An answer that was cut at its length. */
async function cutAnswer(words = 'The sea is'): Promise<MessageId> {
  const { answer } = await scene.ask('What is the sea?');
  const run = await scene.run(0);
  run.say(source, thinking('Salt.'), text(words), { type: 'done', reason: 'length', usage: { ...noUsage, cut } });
  await scene.follow(answer.id).settled();
  return answer.id;
}

describe('going on', () => {
  it('shows the text at once, asks with it as the last message, and stores one answer beside the old one', async () => {
    const before = await cutAnswer();
    const { answer } = await scene.chat.goOn(before, 'window');
    expect(textOf(answer)).toBe('The sea is');
    expect(answer.state).toBe('waiting');
    const follower = scene.follow(answer.id);
    const fromTheStart = scene.follow(answer.id, 0);
    await follower.text('The sea is');
    const run = await scene.run(1);
    expect(run.request.goesOn).toBe(true);
    expect(run.messages).toEqual([
      { role: 'user', content: 'What is the sea?' },
      { role: 'assistant', content: 'The sea is' },
    ]);
    run.say(source, text(' deep'), text('.'), done);
    const settled = await follower.settled();
    expect(settled.parts).toEqual([
      { type: 'thinking', text: 'Salt.' },
      { type: 'text', text: 'The sea is deep.' },
    ]);
    expect(textIn(await fromTheStart.ended)).toBe('The sea is deep.');
    expect(settled).toMatchObject({ state: 'done', usage: { answerTokens: 7 } });
    expect(settled.usage?.cut).toBeUndefined();
    const { storage } = scratch;
    expect(settled.parentId).toBe((await storage.getMessage(before)).parentId);
    expect(textOf(await storage.getMessage(before))).toBe('The sea is');
    expect((await storage.getConversation(settled.conversationId)).activeLeafId).toBe(settled.id);
  });

  it('keeps both when Hearth is closed meanwhile: what there was, and what came', async () => {
    const before = await cutAnswer();
    const { answer } = await scene.chat.goOn(before, 'window');
    const run = await scene.run(1);
    run.say(source, text(' deep'));
    await scene.follow(answer.id).text('The sea is deep');
    await scene.chat.close();
    const kept = await scratch.storage.getMessage(answer.id);
    expect(kept).toMatchObject({ state: 'interrupted' });
    expect(textOf(kept)).toBe('The sea is deep');
  });

  it('keeps what there was when nothing more comes, whole or failed', async () => {
    const before = await cutAnswer();
    const whole = await scene.chat.goOn(before, 'window');
    (await scene.run(1)).say(source, done);
    expect(await scene.follow(whole.answer.id).settled()).toMatchObject({ state: 'done', error: null });
    const failing = await scene.chat.goOn(before, 'window');
    (await scene.run(2)).fail(new Error('gone'));
    const failed = await scene.follow(failing.answer.id).settled();
    expect(failed).toMatchObject({ state: 'interrupted', error: { code: 'internal' } });
    expect(textOf(failed)).toBe('The sea is');
    // It can be tried again from there.
    await scene.chat.goOn(failing.answer.id, 'window');
    await scene.run(3);
  });

  it('leaves what there was as it is when the new part turns out to be a thought', async () => {
    const before = await cutAnswer();
    const { answer } = await scene.chat.goOn(before, 'window');
    const follower = scene.follow(answer.id);
    const run = await scene.run(1);
    run.say(source, text('Hm'), { type: 'relabel', as: 'thinking' }, text(' deep.'), done);
    expect((await follower.settled()).parts).toEqual([
      { type: 'thinking', text: 'Salt.Hm' },
      { type: 'text', text: 'The sea is deep.' },
    ]);
    expect(follower.received).toContainEqual(
      expect.objectContaining({ type: 'relabel', kept: { thinking: 5, text: 10 } }),
    );
  });

  it('parts a new thought from the one before', async () => {
    const before = await cutAnswer();
    const { answer } = await scene.chat.goOn(before, 'window');
    (await scene.run(1)).say(source, thinking('And'), thinking(' deep.'), text(' deep.'), done);
    expect((await scene.follow(answer.id).settled()).parts[0]).toEqual({
      type: 'thinking',
      text: 'Salt.\n\nAnd deep.',
    });
  });

  it('asks the backend and model that wrote it, where they are still there', async () => {
    scene.backends.known = [
      {
        ...ollamaReady.backends[0]!,
        models: [{ name: 'tiny', sizeBytes: 1, family: null, parameters: null, quantization: null }],
      },
    ];
    const before = await cutAnswer();
    const plan = vi.spyOn(scene.backends, 'plan');
    await scene.chat.goOn(before, 'window');
    expect(plan.mock.lastCall?.[0]).toMatchObject({ choice: { backend: 'ollama', model: 'tiny' } });
  });

  it('refuses what came to its end, has no text, or is a question', async () => {
    const { answer, question } = await scene.ask('Why?');
    (await scene.run(0)).answer('Because.');
    await scene.follow(answer.id).settled();
    await expect(scene.chat.goOn(answer.id, 'window')).rejects.toMatchObject({ code: 'bad_request' });
    await expect(scene.chat.goOn(question.id, 'window')).rejects.toMatchObject({ code: 'bad_request' });
    const again = await scene.chat.retry(answer.id, 'window');
    await scene.run(1);
    await scene.chat.stop(again.answer.id);
    await expect(scene.chat.goOn(again.answer.id, 'window')).rejects.toMatchObject({ code: 'bad_request' });
  });
});

describe('what is sent of an answer that goes on', () => {
  const long = 'word '.repeat(100).trimEnd();

  it('is all of it, and only its end where it filled the memory of its model', () => {
    expect(sentOf(answerMessage('stopped', long))).toBe(long);
    const full = { ...noUsage, cut: { why: 'context', limitTokens: 22 } } as const;
    expect(sentOf(answerMessage('done', long, { usage: full }))).toBe('word word word word');
  });
});

describe('who goes on', () => {
  const source = { ...scriptedSource, model: 'llama3.2:3b' };
  it.each([
    ['its writer', source, { backend: 'ollama', model: 'llama3.2:3b' }],
    ['nobody in particular where the model is gone', { ...source, model: 'gone' }, undefined],
    ['nobody in particular where the backend is gone', { ...source, label: 'Other' }, undefined],
    ['nobody in particular where nobody wrote', null, undefined],
  ])('is %s', (_who, written, expected) => {
    expect(writerOf(written, ollamaReady)).toEqual(expected);
  });
});
