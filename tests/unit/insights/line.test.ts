// When background work runs: never in front of a person, within limits, and not after the end.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import { openScratchStorage } from '../../support/chat-scene.ts';
import {
  answerAs,
  type Engine,
  far,
  type InsightScene,
  local,
  openInsightScene,
  sourceOf,
  waitFor,
} from '../../support/insight-scene.ts';

const on = { isOn: true, backend: null, model: null };
const TITLES: SettingsPatch = { purposes: { titles: on } };
const QUESTION = 'I live in Oslo and my build is broken again. What is a mutex?';

let scratch: Awaited<ReturnType<typeof openScratchStorage>>;
let scenes: InsightScene[] = [];

beforeEach(async () => {
  scratch = await openScratchStorage();
});
afterEach(async () => {
  await Promise.all(scenes.map((scene) => scene.close()));
  scenes = [];
  await scratch.remove();
});

async function open(given: Parameters<typeof openInsightScene>[1] = {}): Promise<InsightScene> {
  const scene = await openInsightScene(scratch.storage, given);
  scenes.push(scene);
  return scene;
}

/** Resolves when the queue is empty and stays so for the work that was there. */
const idle = ({ queue }: InsightScene) => waitFor(() => expect(queue.status().lanes).toEqual([]));

describe('people come first', () => {
  it('work makes way for a question, and is done afterwards', async () => {
    const scene = await open({ settings: TITLES });
    const { conversation } = await scene.turn(QUESTION, 'A lock.');
    const interrupted = await scene.run(1);
    const asked = await scene.ask('And a semaphore?', { conversationId: conversation.id });
    await waitFor(() => expect(interrupted.signal.aborted).toBe(true));
    const person = await scene.run(2);
    expect(person.messages.at(-1)?.content).toBe('And a semaphore?');
    expect(scene.jobs()).toHaveLength(1);
    answerAs(local, person, 'Also a lock.');
    answerAs(local, await scene.run(3), 'Locks');
    await waitFor(() => expect(scene.told).toContain('Locks'));
    expect((await scratch.storage.getMessage(asked.answer.id)).state).toBe('done');
  });

  it('it makes way three times and is begun no fifth time', async () => {
    const scene = await open({ settings: TITLES });
    await scene.turn(QUESTION, 'A lock.');
    for (let time = 0; time < 4; time += 1) {
      const index = 1 + time * 2;
      const background = await scene.run(index);
      const asked = await scene.ask('Quick', { purpose: 'gateway' });
      await waitFor(() => expect(background.signal.aborted).toBe(true));
      answerAs(local, await scene.run(index + 1), 'Yes.');
      await waitFor(async () => expect((await scratch.storage.getMessage(asked.answer.id)).state).toBe('done'));
    }
    await waitFor(() => expect(scene.leftOut()).toMatchObject([{ purpose: 'titles', madeWay: 4 }]));
    await idle(scene);
    expect(scene.jobs()).toHaveLength(4);
  });

  it('it never waits in the queue, where time alone would bring it before them', async () => {
    const scene = await open({ settings: TITLES });
    const first = await scene.ask('First');
    const run = await scene.run(0);
    await scene.ask('Second');
    answerAs(local, run, 'One.');
    await waitFor(async () => expect((await scratch.storage.getMessage(first.answer.id)).state).toBe('done'));
    const second = await scene.run(1);
    expect(second.messages.at(-1)?.content).toBe('Second');
    await waitFor(() => expect(scene.wishes.at(-1)).toMatchObject({ purpose: 'titles' }));
    expect(scene.jobs()).toEqual([]);
    answerAs(local, second, 'Two.');
    expect((await scene.run(2)).messages.at(-1)?.content).toContain('First');
  });

  it('work makes way also for a question that needs not wait, where an engine answers several at once', async () => {
    const wide: Engine = { ...local, concurrency: 4 };
    const scene = await open({ settings: TITLES, engines: [wide] });
    await scene.turn(QUESTION, 'A lock.');
    const background = await scene.run(1);
    await scene.ask('Quick');
    const person = await scene.run(2);
    await waitFor(() => expect(background.signal.aborted).toBe(true));
    answerAs(local, person, 'Yes.');
    expect((await scene.run(3)).messages[0]?.content).toBe(background.messages[0]?.content);
  });

  it('another lane is not waited for', async () => {
    const scene = await open({ settings: { purposes: { titles: { ...on, backend: 'far' } } }, engines: [local, far] });
    await scene.turn(QUESTION, 'A lock.');
    const background = await scene.run(1);
    await scene.ask('Busy here');
    await scene.run(2);
    expect(background.signal.aborted).toBe(false);
    answerAs(far, background, 'Locks');
    await waitFor(() => expect(scene.told).toContain('Locks'));
  });
});

describe('limits', () => {
  it('work that takes too long is ended, and the next is done', async () => {
    const scene = await open({ settings: { purposes: { titles: on, facts: on } }, options: { limitMs: 30 } });
    await scene.turn(QUESTION, 'A lock.');
    const slow = await scene.run(1);
    await waitFor(() => expect(slow.signal.aborted).toBe(true));
    await scene.run(2);
    expect(scene.leftOut()[0]).toMatchObject({ purpose: 'titles' });
  });

  it('an endless reply is ended', async () => {
    const scene = await open({ settings: TITLES });
    await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    run.say({ type: 'source', source: sourceOf(local) }, { type: 'text', text: 'word '.repeat(5_000) });
    await waitFor(() =>
      expect(scene.leftOut()).toMatchObject([{ purpose: 'titles', detail: 'the reply is too long' }]),
    );
  });

  it('of too much work the oldest is dropped', async () => {
    const scene = await open({ settings: TITLES });
    const busy = await scene.ask('Busy');
    const busyRun = await scene.run(0);
    const { question, answer } = await scratch.storage.beginTurn({
      newConversation: null,
      conversationId: busy.conversation.id,
      question: { id: crypto.randomUUID() as never, parentId: null, text: 'x' },
      answerId: crypto.randomUUID() as never,
      nowMs: 1,
      client: 'window',
    });
    const settled = { ...answer, state: 'done' as const, source: sourceOf(local) };
    for (let index = 0; index < 25; index += 1)
      scene.insights.consider({ purpose: 'chat', question, answer: settled, automaticTitle: 'Busy' });
    await waitFor(() => expect(scene.leftOut().length).toBeGreaterThanOrEqual(4));
    expect(scene.leftOut()[0]).toMatchObject({ waiting: 20 });
    answerAs(local, busyRun, 'Yes.');
    await scene.run(1);
  });
});

describe('the end', () => {
  it('ends what runs, forgets what waits, and does nothing more', async () => {
    const scene = await open({ settings: { purposes: { titles: on, emotion: on, facts: on } } });
    const { conversation } = await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    await scene.insights.close();
    await scene.insights.close();
    expect(run.signal.aborted).toBe(true);
    await idle(scene);
    await scene.turn('Next', 'Yes.', { conversationId: conversation.id });
    expect(scene.runs).toHaveLength(3);
    expect(scene.jobs()).toHaveLength(1);
  });

  it('does not wait for ever for an engine that hears nothing', async () => {
    const scene = await open({ settings: TITLES });
    await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    scene.beDeaf();
    await scene.insights.close();
    expect(run.signal.aborted).toBe(true);
    run.cut();
  });
});
