// Background work after a turn: what is asked, of whom, and what is kept of the reply.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import { createStrength } from '../../../src/main/insights/strength.ts';
import type { Storage } from '../../../src/main/storage/index.ts';
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
const EMOTION: SettingsPatch = { purposes: { emotion: on } };
const FACTS: SettingsPatch = { purposes: { facts: on } };
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

describe('a title', () => {
  it('names a new chat, and the windows hear of it', async () => {
    const scene = await open({ settings: TITLES });
    const { conversation } = await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    expect(run.request).toMatchObject({ think: false, options: { temperature: 0, maxTokens: 40 } });
    expect(run.request.format).toBeUndefined();
    expect(run.messages.at(-1)?.content).toContain(QUESTION);
    expect(run.messages.at(-1)?.content).toContain('A lock.');
    answerAs(local, run, '<think>Hm.</think>\n**Title: “Mutexes and a broken build”**\n');
    await waitFor(() => expect(scene.told).toContain('Mutexes and a broken build'));
    expect(await scratch.storage.getConversation(conversation.id)).toMatchObject({
      title: 'Mutexes and a broken build',
    });
    expect(scene.jobs()).toMatchObject([{ class: 'batch', client: 'background', lane: local.lane }]);
  });

  it('stays as the first words when the reply is none, and when the engine fails', async () => {
    const scene = await open({ settings: TITLES });
    const first = await scene.turn(QUESTION, 'A lock.');
    answerAs(
      local,
      await scene.run(1),
      `I think that this chat is about a great many things: ${'mutexes '.repeat(20)}`,
    );
    await idle(scene);
    const second = await scene.turn('Another thing', 'Yes.');
    (await scene.run(3)).fail(new HearthError('backend_unreachable', { backend: 'Ollama', host: 'h' }));
    await waitFor(() => expect(scene.leftOut()).toMatchObject([{ purpose: 'titles', code: 'backend_unreachable' }]));
    const titles = await scratch.storage.listConversations({ limit: 10 });
    expect(titles.map(({ title }) => title)).toEqual([second.conversation.title, first.conversation.title]);
  });

  it('that the user gave meanwhile stays', async () => {
    const scene = await open({ settings: TITLES });
    const { conversation } = await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    await scene.conversations.rename(conversation.id, 'Mine');
    answerAs(local, run, 'Mutexes');
    await idle(scene);
    await scene.turn('And a semaphore?', 'Also.', { conversationId: conversation.id });
    expect(await scratch.storage.getConversation(conversation.id)).toMatchObject({ title: 'Mine' });
    // A later question names nothing.
    expect(scene.jobs()).toHaveLength(1);
  });
});

describe('the tone', () => {
  it('stands with the question, with who judged it', async () => {
    const scene = await open({ settings: EMOTION });
    const { question } = await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    expect(run.request.format).toMatchObject({ required: ['label', 'confidence'] });
    const toldBefore = scene.told.length;
    answerAs(local, run, '```json\n{"label": "Anger", "confidence": 0.7}\n```');
    await waitFor(() => expect(scene.told.length).toBeGreaterThan(toldBefore));
    expect((await scratch.storage.getMessage(question.id)).emotion).toEqual({
      label: 'anger',
      confidence: 0.7,
      source: sourceOf(local),
    });
  });

  it.each(['joy', '{"label": "glee", "confidence": 1}', '{"label": "joy"}', '{"label": "joy", "confidence": 7}', ''])(
    'is none when the model says %j',
    async (reply) => {
      const scene = await open({ settings: EMOTION });
      const { question } = await scene.turn(QUESTION, 'A lock.');
      answerAs(local, await scene.run(1), reply);
      await idle(scene);
      expect(await scratch.storage.getMessage(question.id)).not.toHaveProperty('emotion');
    },
  );
});

describe('facts', () => {
  it('are kept with the message that says them, each once', async () => {
    const scene = await open({ settings: FACTS });
    await scene.facts.add('Has two children.');
    const { conversation, question } = await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    expect(run.messages[0]?.content).toContain('- Has two children.');
    answerAs(local, run, '{"facts": ["Lives in Oslo.", "has TWO children", "lives in Oslo", 7, ""]}');
    await waitFor(() => expect(scene.facts.status().facts).toHaveLength(2));
    expect(scene.facts.status().facts[0]).toMatchObject({
      text: 'Lives in Oslo.',
      isOn: true,
      source: { conversationId: conversation.id, messageId: question.id },
    });
    expect(await scratch.storage.listFacts()).toEqual(scene.facts.status().facts);
  });

  it('are not asked for where a message says nothing about its writer', async () => {
    const scene = await open({ settings: FACTS });
    await scene.turn('What is TCP? Explain the handshake.', 'A protocol.');
    await idle(scene);
    expect(scene.runs).toHaveLength(1);
  });

  it('are learned from no model that can’t repeat a sentence, which is asked once', async () => {
    const scene = await open({ settings: FACTS, options: { strength: createStrength() } });
    await scene.turn(QUESTION, 'A lock.');
    const first = await scene.run(1);
    expect(first.messages.at(-1)?.content).toMatch(/^The .*\.$/);
    answerAs(local, first, 'The ferry is blue and I am an assistant.');
    await waitFor(() => expect(scene.leftOut()).toMatchObject([{ purpose: 'facts' }]));
    await scene.turn('I like tea.', 'Good.');
    await idle(scene);
    expect(scene.runs).toHaveLength(3);
    expect(scene.facts.status().facts).toEqual([]);
  });

  it('are learned from a model that can', async () => {
    const scene = await open({ settings: FACTS, options: { strength: createStrength() } });
    await scene.turn(QUESTION, 'A lock.');
    const first = await scene.run(1);
    answerAs(local, first, `<think>Easy.</think>“${first.messages.at(-1)?.content}”`);
    answerAs(local, await scene.run(2), '["Lives in Oslo."]');
    await waitFor(() => expect(scene.facts.status().facts).toMatchObject([{ text: 'Lives in Oslo.' }]));
    await scene.turn('I like tea.', 'Good.');
    answerAs(local, await scene.run(4), '["Likes tea."]');
    await waitFor(() => expect(scene.facts.status().facts).toHaveLength(2));
  });

  it('are not read again from a question that is asked again', async () => {
    const scene = await open({ settings: FACTS });
    const { answer } = await scene.turn(QUESTION, 'A lock.');
    answerAs(local, await scene.run(1), '{"facts": []}');
    await idle(scene);
    const retried = await scene.chat.retry(answer.id, 'window');
    answerAs(local, await scene.run(2), 'A lock, still.');
    await waitFor(async () => expect((await scratch.storage.getMessage(retried.answer.id)).state).toBe('done'));
    await idle(scene);
    expect(scene.jobs()).toHaveLength(1);
  });

  it('that the disk refuses are not remembered, and nobody is told', async () => {
    const refuse = vi.fn<Storage['putFact']>(() => Promise.reject(new HearthError('storage_disk_full', { path: 'p' })));
    const scene = await open({ settings: FACTS, faults: { putFact: refuse } });
    const { answer } = await scene.turn(QUESTION, 'A lock.');
    answerAs(local, await scene.run(1), '{"facts": ["Lives in Oslo."]}');
    await waitFor(() => expect(scene.leftOut()).toMatchObject([{ purpose: 'facts', code: 'storage_disk_full' }]));
    expect(scene.facts.status().facts).toEqual([]);
    expect((await scratch.storage.getMessage(answer.id)).state).toBe('done');
    // There is room again.
    refuse.mockImplementation((fact) => scratch.storage.putFact(fact));
    await scene.turn('I like tea.', 'Good.');
    answerAs(local, await scene.run(3), '["Likes tea."]');
    await waitFor(() => expect(scene.facts.status().facts).toMatchObject([{ text: 'Likes tea.' }]));
  });

  it('that are off are told to nobody, and none while facts are not to be used', async () => {
    const scene = await open({ settings: FACTS });
    const secret = await scene.facts.add('Is ill.');
    await scene.facts.add('Likes tea.');
    await scene.facts.edit({ id: secret.id, isOn: false });
    await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    expect(run.messages[0]?.content).toContain('- Likes tea.');
    expect(run.messages[0]?.content).not.toContain('Is ill.');
    // It is known all the same.
    answerAs(local, run, '{"facts": ["is ill"]}');
    await idle(scene);
    expect(scene.facts.status().facts).toHaveLength(2);
    await scene.settings.set({ facts: { areUsed: false } });
    await scene.turn('I like tea.', 'Good.');
    expect((await scene.run(3)).messages[0]?.content).not.toContain('Likes tea.');
  });

  it('of a chat that went to the bin meanwhile are not kept', async () => {
    const scene = await open({ settings: FACTS });
    const { conversation } = await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    await scene.conversations.delete(conversation.id);
    answerAs(local, run, '{"facts": ["Lives in Oslo."]}');
    await idle(scene);
    await scene.insights.close();
    expect(await scratch.storage.listFacts()).toEqual([]);
  });
});

describe('nothing is done', () => {
  it('while everything is off', async () => {
    const scene = await open();
    await scene.turn(QUESTION, 'A lock.');
    await idle(scene);
    expect(scene.runs).toHaveLength(1);
  });

  it('after a stopped answer, a failed one, one of the demo, or for a program', async () => {
    const demo: Engine = { ...local, id: 'demo', kind: 'demo', label: 'Demo', host: null, model: null, lane: 'demo' };
    const scene = await open({ settings: TITLES, engines: [local, demo] });
    const stopped = await scene.ask('Stop me');
    (await scene.run(0)).say({ type: 'source', source: sourceOf(local) }, { type: 'text', text: 'Half' });
    await scene.chat.stop(stopped.answer.id);
    await scene.ask('Fail');
    (await scene.run(1)).fail(new HearthError('backend_unreachable', { backend: 'Ollama', host: 'h' }));
    await idle(scene);
    await scene.ask('Show me', { backend: 'demo' });
    answerAs(demo, await scene.run(2), 'This is a sample.');
    await idle(scene);
    const program = await scene.ask('Sum up', { purpose: 'gateway' });
    answerAs(local, await scene.run(3), 'Done.');
    await waitFor(async () => expect((await scratch.storage.getMessage(program.answer.id)).state).toBe('done'));
    await idle(scene);
    expect(scene.runs).toHaveLength(4);
    expect(scene.jobs()).toEqual([]);
  });

  it('when it was switched off while it waited', async () => {
    const scene = await open({ settings: { purposes: { titles: on, facts: on } } });
    await scene.turn(QUESTION, 'A lock.');
    const title = await scene.run(1);
    await scene.settings.set({ purposes: { titles: on, facts: { ...on, isOn: false } } });
    answerAs(local, title, 'Mutexes');
    await idle(scene);
    // The title of another chat is asked for after what waited was looked at.
    await scene.turn('Next', 'Yes.');
    await scene.run(3);
    expect(scene.runs.flatMap(({ request }) => request.format ?? [])).toEqual([]);
  });

  it('with a reply that comes after it was switched off', async () => {
    const scene = await open({ settings: FACTS });
    await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    await scene.settings.set({ purposes: { facts: { ...on, isOn: false } } });
    answerAs(local, run, '{"facts": ["Lives in Oslo."]}');
    await idle(scene);
    expect(scene.facts.status().facts).toEqual([]);
    expect(await scratch.storage.listFacts()).toEqual([]);
  });

  it('when it was switched off before anything was sent', async () => {
    const scene = await open({ settings: FACTS });
    await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    await scene.settings.set({ purposes: { facts: { ...on, isOn: false } } });
    run.say({ type: 'source', source: sourceOf(local) });
    await waitFor(() => expect(scene.leftOut()).toMatchObject([{ purpose: 'facts', code: 'cancelled' }]));
  });

  it('by another backend than the one that is meant, and never as an error', async () => {
    const scene = await open({ settings: { purposes: { titles: on, emotion: { ...on, backend: 'gone' } } } });
    await scene.turn(QUESTION, 'A lock.');
    (await scene.run(1)).cut();
    await waitFor(() =>
      expect(scene.leftOut()).toMatchObject([
        { purpose: 'titles', code: 'stream_cut' },
        { purpose: 'emotion', code: 'no_backend' },
      ]),
    );
    expect(scene.runs).toHaveLength(2);
    expect(scene.log.error).not.toHaveBeenCalled();
  });

  it('where the backend that answered is off or unreachable by then', async () => {
    const engine: Engine = { ...local };
    const scene = await open({ settings: TITLES, engines: [engine] });
    const sent = await scene.ask(QUESTION);
    engine.state = 'unavailable';
    answerAs(local, await scene.run(0), 'A lock.');
    await waitFor(() => expect(scene.leftOut()).toMatchObject([{ purpose: 'titles', code: 'cancelled' }]));
    expect(scene.runs).toHaveLength(1);
    expect((await scratch.storage.getMessage(sent.answer.id)).state).toBe('done');
  });
});

describe('privacy', () => {
  it('what was answered here goes nowhere else by itself, whatever the settings prefer', async () => {
    // The chat was asked of Ollama by name; the settings would choose the far one.
    const auto = { ...on, backend: 'auto' };
    const scene = await open({
      settings: { purposes: { titles: on, facts: auto, emotion: auto } },
      engines: [far, local],
    });
    await scene.ask(QUESTION, { backend: 'ollama' });
    answerAs(local, await scene.run(0), 'A lock.');
    const title = await scene.run(1);
    expect(scene.wishes.at(-1)).toEqual({ purpose: 'titles', backend: 'ollama', model: 'tiny' });
    expect(title.plan.candidates[0]?.id).toBe('ollama');
    answerAs(local, title, 'Mutexes');
    await waitFor(() => expect(scene.leftOut()).toHaveLength(2));
    expect(scene.leftOut().map(({ purpose }) => purpose)).toEqual(['emotion', 'facts']);
    expect(scene.runs).toHaveLength(2);
  });

  it('goes where the user said so for the purpose', async () => {
    const scene = await open({
      settings: { purposes: { facts: { ...on, backend: 'far' } } },
      engines: [local, far],
    });
    await scene.turn(QUESTION, 'A lock.');
    expect((await scene.run(1)).plan.candidates[0]?.id).toBe('far');
  });

  it('is kept when another address is asked in the end', async () => {
    const scene = await open({ settings: EMOTION });
    const { question } = await scene.turn(QUESTION, 'A lock.');
    const run = await scene.run(1);
    run.say({ type: 'source', source: { ...sourceOf(local), host: 'elsewhere.example:11434' } });
    await waitFor(() => expect(scene.leftOut()).toMatchObject([{ purpose: 'emotion', code: 'cancelled' }]));
    expect((await scratch.storage.getMessage(question.id)).emotion).toBeUndefined();
  });

  it('nothing that was written gets into the log, not by what a server says of it either', async () => {
    const scene = await open({ settings: TITLES });
    await scene.turn(QUESTION, 'A lock.');
    const refusal = { detail: `HTTP 422 {"msg": "no such field", "input": "${QUESTION}"}` };
    (await scene.run(1)).fail(new HearthError('backend_failed', { backend: 'Far', reason: QUESTION }, refusal));
    await waitFor(() => expect(scene.leftOut()).toEqual([{ purpose: 'titles', code: 'backend_failed' }]));
    expect(JSON.stringify(scene.log.info.mock.calls)).not.toContain('Oslo');
  });

  it('is kept when a stand-in is asked in the end', async () => {
    const scene = await open({ settings: EMOTION });
    await scene.turn(QUESTION, 'A lock.');
    (await scene.run(1)).say({ type: 'source', source: { ...sourceOf(local), kind: 'mlx', label: 'MLX', host: null } });
    await waitFor(() => expect(scene.leftOut()).toMatchObject([{ purpose: 'emotion', code: 'cancelled' }]));
  });
});
