// The facts: what is remembered, changed, removed, brought back, and told to a model.
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FactId } from '../../../src/contract/ids.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import { CARD_MAX_CHARS, CARD_MAX_FACTS } from '../../../src/main/insights/card.ts';
import { openFacts } from '../../../src/main/insights/facts.ts';
import type { Storage } from '../../../src/main/storage/index.ts';
import { text } from '../../../src/main/words/index.ts';
import { openScratchStorage } from '../../support/chat-scene.ts';
import { memorySettings } from '../../support/memory-settings.ts';
import { firstTurn } from '../../support/storage.ts';

let scratch: Awaited<ReturnType<typeof openScratchStorage>>;
let ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  scratch = await openScratchStorage();
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(ends.map((end) => end()));
  ends = [];
  await scratch.remove();
});

async function open(faults: Partial<typeof scratch.storage> = {}, settings = memorySettings()) {
  let nowMs = 1_000;
  const log = { warn: vi.fn() };
  const storage = { ...scratch.storage, ...faults };
  const facts = await openFacts({ storage, settings, log, now: () => (nowMs += 1), newId: uuidv7, undoMs: 10_000 });
  ends.push(() => facts.close());
  const texts = () => facts.status().facts.map((fact) => fact.text);
  const kept = async () => (await scratch.storage.listFacts()).map((fact) => fact.text);
  return { facts, log, settings, texts, kept };
}

const source = { conversationId: uuidv7() as never, messageId: uuidv7() as never };

describe('the list', () => {
  it('is the newest first, on the disk before anybody is told, and is there after a restart', async () => {
    const { facts, texts, kept } = await open();
    const told: number[] = [];
    const stop = facts.onChange((status) => told.push(status.facts.length));
    await facts.add('Lives in Oslo.');
    const tea = await facts.add('Likes tea.');
    expect(tea).toMatchObject({ text: 'Likes tea.', isOn: true, source: null });
    expect(texts()).toEqual(['Likes tea.', 'Lives in Oslo.']);
    expect(await kept()).toEqual(texts());
    expect(told).toEqual([1, 2]);
    stop();
    await facts.edit({ id: tea.id, isOn: false });
    expect(told).toEqual([1, 2]);
    const again = await open();
    expect(again.facts.status()).toEqual(facts.status());
  });

  it('holds each statement once, by its letters', async () => {
    const { facts, texts } = await open();
    const first = await facts.add('Lives in Oslo.');
    expect(await facts.add('lives in  OSLO')).toEqual(first);
    expect(await facts.learn(['LIVES IN OSLO!', 'Lives in Ｏslo'], source)).toEqual([]);
    expect(texts()).toEqual(['Lives in Oslo.']);
  });

  it('remembers nothing of a message that the history does not have', async () => {
    const { facts, texts } = await open();
    await expect(facts.learn(['Likes tea.'], source)).rejects.toMatchObject({ code: 'storage_failed' });
    expect(texts()).toEqual([]);
  });

  it('two changes at once both count', async () => {
    const { facts } = await open();
    const { id } = await facts.add('Lives in Oslo.');
    await Promise.all([facts.edit({ id, text: 'Lives in Bergen.' }), facts.edit({ id, isOn: false })]);
    expect(facts.status().facts).toMatchObject([{ text: 'Lives in Bergen.', isOn: false }]);
    expect(await scratch.storage.listFacts()).toEqual(facts.status().facts);
  });

  it('a change that the disk refuses is none, and the next one works', async () => {
    const putFact = vi.fn<Storage['putFact']>((fact) => scratch.storage.putFact(fact));
    const { facts } = await open({ putFact });
    const { id } = await facts.add('Lives in Oslo.');
    putFact.mockRejectedValueOnce(new HearthError('storage_disk_full', { path: 'p' }));
    await expect(facts.edit({ id, text: 'Lost.' })).rejects.toMatchObject({ code: 'storage_disk_full' });
    expect(facts.status().facts).toMatchObject([{ text: 'Lives in Oslo.' }]);
    expect(await facts.edit({ id, text: 'Lives in Bergen.' })).toMatchObject({ text: 'Lives in Bergen.' });
  });

  it('an unknown one is refused', async () => {
    const { facts } = await open();
    const id = uuidv7() as FactId;
    const refusal = { code: 'not_found' };
    await expect(facts.edit({ id, isOn: true })).rejects.toMatchObject(refusal);
    await expect(facts.remove(id)).rejects.toMatchObject(refusal);
    await expect(facts.undoRemove(id)).rejects.toMatchObject(refusal);
  });
});

describe('a removed fact', () => {
  it('comes back as it was for ten seconds, and is gone after them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { facts, texts, kept } = await open();
    const { id } = await facts.add('Lives in Oslo.');
    await facts.add('Likes tea.');
    await facts.remove(id);
    expect(texts()).toEqual(['Likes tea.']);
    // A crash now brings it back.
    expect(await kept()).toEqual(['Likes tea.', 'Lives in Oslo.']);
    await facts.undoRemove(id);
    expect(texts()).toEqual(['Likes tea.', 'Lives in Oslo.']);
    await facts.remove(id);
    vi.advanceTimersByTime(9_999);
    expect(await kept()).toHaveLength(2);
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    await vi.waitFor(async () => expect(await kept()).toEqual(['Likes tea.']));
    await expect(facts.undoRemove(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is gone when Hearth ends before', async () => {
    const { facts, kept } = await open();
    const { id } = await facts.add('Lives in Oslo.');
    await facts.remove(id);
    await facts.close();
    expect(await kept()).toEqual([]);
  });

  it('is shown again when the disk keeps it', async () => {
    const dropFact = () => Promise.reject(new HearthError('storage_disk_full', { path: 'p' }));
    const { facts, texts, log } = await open({ dropFact });
    const { id } = await facts.add('Lives in Oslo.');
    await facts.remove(id);
    await facts.close();
    expect(texts()).toEqual(['Lives in Oslo.']);
    expect(log.warn).toHaveBeenCalledOnce();
  });

  it('is not learned again meanwhile', async () => {
    const { facts, texts } = await open();
    const { id } = await facts.add('Lives in Oslo.');
    await facts.remove(id);
    expect(await facts.learn(['lives in Oslo'], source)).toEqual([]);
    expect(texts()).toEqual([]);
  });
});

describe('the card', () => {
  const asking = (...questions: string[]) => ({ conversationId: null, questions });
  const linesOf = (card: { text: string } | null) => card?.text.split('\n- ').slice(1) ?? [];

  it('holds those that are on, the newest first where the question is about none of them', async () => {
    const { facts } = await open();
    expect(facts.card(asking('Hello'))).toBeNull();
    await facts.add('Lives in Oslo.');
    const { id } = await facts.add('Likes tea.');
    await facts.add('Writes\nprograms.');
    await facts.edit({ id, isOn: false });
    expect(facts.card(asking('Hello'))).toEqual({
      text: `${text('prompts:card')}\n- Writes programs.\n- Lives in Oslo.`,
      facts: 2,
    });
  });

  it('is none when the user wants none used, or all are off', async () => {
    const { facts, settings } = await open();
    const { id } = await facts.add('Lives in Oslo.');
    await settings.set({ facts: { areUsed: false } });
    expect(facts.card(asking('Hello'))).toBeNull();
    await settings.set({ facts: { areUsed: true } });
    expect(facts.card(asking('Hello'))?.facts).toBe(1);
    await facts.edit({ id, isOn: false });
    expect(facts.card(asking('Hello'))).toBeNull();
  });

  it('holds few, those first that the question is about', async () => {
    const { facts } = await open();
    await facts.add('Lives in Oslo.');
    for (let index = 0; index < 12; index += 1) await facts.add(`Likes the number ${index}.`);
    expect(linesOf(facts.card(asking('Why is the sky blue?')))).toEqual([
      'Likes the number 11.',
      'Likes the number 10.',
      'Likes the number 9.',
    ]);
    expect(linesOf(facts.card(asking('What is the weather in Oslo?')))[0]).toBe('Lives in Oslo.');
    const all = linesOf(facts.card(asking('Which number do I like?')));
    expect(all).toHaveLength(CARD_MAX_FACTS);
  });

  it('keeps what it began with as the chat goes on, and adds behind it what a later question is about', async () => {
    const { facts } = await open();
    await facts.add('Lives in Oslo.');
    for (let index = 0; index < 3; index += 1) await facts.add(`Likes the number ${index}.`);
    const questions = ['Why is the sky blue?'];
    const before = facts.card(asking(...questions))?.text ?? '';
    expect(facts.card(asking(...questions, 'And the sea?'))?.text).toBe(before);
    expect(facts.card(asking(...questions, 'And in Oslo?'))?.text).toBe(`${before}\n- Lives in Oslo.`);
    expect(facts.card(asking(...questions, 'And in Oslo?', 'Why?'))?.text).toBe(`${before}\n- Lives in Oslo.`);
  });

  it('leaves out what the chat itself has said', async () => {
    const { facts } = await open();
    const turn = firstTurn();
    await scratch.storage.beginTurn(turn);
    const said = { conversationId: turn.conversationId, messageId: turn.question.id };
    await facts.learn(['Lives in Oslo.'], said);
    expect(facts.card({ conversationId: said.conversationId, questions: ['Oslo?'] })).toBeNull();
    expect(facts.card(asking('Oslo?'))?.facts).toBe(1);
  });

  it('leaves out what there is no room for', async () => {
    const { facts } = await open();
    await facts.add('Lives in Oslo.');
    for (let index = 0; index < 3; index += 1) await facts.add(`Likes number ${index} ${'x'.repeat(280)}`);
    const card = facts.card(asking('Which number, in Oslo?'));
    expect(card?.text.length).toBeLessThanOrEqual(CARD_MAX_CHARS);
    expect(linesOf(card ?? null)).toContain('Lives in Oslo.');
    expect(card?.facts).toBeLessThan(4);
  });

  it('takes a statement as text, whatever is in it', async () => {
    const { facts } = await open();
    await facts.add('Writes {{card}} and $t(prompts:card).');
    expect(facts.card(asking('Hello'))?.text).toContain('- Writes {{card}} and $t(prompts:card).');
  });
});
