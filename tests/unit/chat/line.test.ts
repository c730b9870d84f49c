// Messages in line: asked in their order as the answers before them end, never lost and never twice.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConversationId } from '../../../src/contract/ids.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import type { Storage } from '../../../src/main/storage/index.ts';
import { type ChatScene, openChat, openScratchStorage, textOf } from '../../support/chat-scene.ts';

let scratch: Awaited<ReturnType<typeof openScratchStorage>>;
let storage: Storage;
let scene: ChatScene;

beforeAll(async () => {
  scratch = await openScratchStorage();
  storage = scratch.storage;
});
afterAll(() => scratch.remove());
beforeEach(() => {
  scene = openChat(storage);
});
afterEach(async () => {
  vi.useRealTimers();
  await scene.chat.close();
});

const say = (id: ConversationId, text: string) => scene.chat.line.send({ conversationId: id, text }, 'window');

/** Puts it in line; for messages that others come before. */
async function putInLine(id: ConversationId, text: string) {
  const result = await say(id, text);
  if (result.type !== 'inLine') throw new Error(`${text} was asked at once`);
  return result.message;
}

const lineOf = async (id: ConversationId, of = scene) => {
  const { messages, waitsFor } = await of.chat.line.status(id);
  return { texts: messages.map(({ text }) => text), waitsFor };
};
const becomes = (id: ConversationId, texts: string[], waitsFor: string) =>
  vi.waitFor(async () => expect(await lineOf(id)).toEqual({ texts, waitsFor }));

/** The questions of a chat, in their order. */
async function questionsOf(id: ConversationId, from = storage): Promise<string[]> {
  const { activeLeafId } = await from.getConversation(id);
  const path = activeLeafId === null ? [] : await from.getPath(activeLeafId);
  return path.filter(({ role }) => role === 'user').map(textOf);
}

/** A chat whose first answer is being written. */
async function running() {
  const { conversation, answer } = await scene.ask('one');
  return { id: conversation.id, answer, run: await scene.run(0) };
}

describe('a message', () => {
  it('is asked at once where nothing comes before it', async () => {
    const { id, run, answer } = await running();
    run.answer('first');
    await scene.follow(answer.id).settled();
    expect(await say(id, 'two')).toMatchObject({ type: 'asked', question: { parentId: answer.id } });
    expect(await lineOf(id)).toEqual({ texts: [], waitsFor: 'answer' });
  });

  it('waits for the answer before it, and is asked behind it with the chat as it is then', async () => {
    const { id, run } = await running();
    await putInLine(id, 'two');
    await putInLine(id, 'three');
    expect(await lineOf(id)).toEqual({ texts: ['two', 'three'], waitsFor: 'answer' });
    expect(scene.backends.runs).toHaveLength(1);
    await scene.conversations.choose(id, { backend: 'llamacpp', model: 'other' });
    const plan = vi.spyOn(scene.backends, 'plan');
    run.answer('first');
    const second = await scene.run(1);
    expect(second.messages.map(({ content }) => content)).toEqual(['one', 'first', 'two']);
    expect(plan.mock.calls.at(-1)?.[0]).toMatchObject({ choice: { backend: 'llamacpp', model: 'other' } });
    await becomes(id, ['three'], 'answer');
    second.answer('second');
    (await scene.run(2)).answer('third');
    await becomes(id, [], 'answer');
    expect(await questionsOf(id)).toEqual(['one', 'two', 'three']);
  });

  it('waits for an answer that waits itself, and for one that is asked for again', async () => {
    const { id, answer, run } = await running();
    const queued = await scene.ask('elsewhere');
    await putInLine(queued.conversation.id, 'behind it');
    run.answer('first');
    await scene.follow(answer.id).settled();
    (await scene.run(1)).answer('there');
    expect((await scene.run(2)).messages.at(-1)?.content).toBe('behind it');
    void scene.chat.retry(answer.id, 'window');
    await vi.waitFor(async () => expect((await scene.conversations.get(id)).activeLeafId).not.toBe(answer.id));
    await putInLine(id, 'two');
    expect(await lineOf(id)).toEqual({ texts: ['two'], waitsFor: 'answer' });
  });

  it('goes on after a stop', async () => {
    const { id, answer } = await running();
    await putInLine(id, 'two');
    await scene.chat.stop(answer.id);
    expect((await scene.run(1)).messages.at(-1)?.content).toContain('two');
    await becomes(id, [], 'answer');
  });

  it.each([
    [
      'failed',
      (run: Awaited<ReturnType<ChatScene['run']>>) => run.fail(new HearthError('stream_cut', { backend: 'x' })),
    ],
    ['was cut', (run: Awaited<ReturnType<ChatScene['run']>>) => run.cut()],
  ])('waits for the person behind an answer that %s', async (_, end) => {
    const { id, answer, run } = await running();
    await putInLine(id, 'two');
    end(run);
    await scene.follow(answer.id).settled();
    await becomes(id, ['two'], 'failed');
    expect(scene.backends.runs).toHaveLength(1);
    scene.chat.line.sendNow(id);
    (await scene.run(1)).answer('second');
    await becomes(id, [], 'answer');
    expect(await questionsOf(id)).toEqual(['one', 'two']);
  });

  it('goes on when the failed answer has come after all', async () => {
    const { id, answer, run } = await running();
    await putInLine(id, 'two');
    run.fail(new HearthError('stream_cut', { backend: 'x' }));
    await becomes(id, ['two'], 'failed');
    void scene.chat.retry(answer.id, 'window');
    (await scene.run(1)).answer('first');
    expect((await scene.run(2)).messages.map(({ content }) => content)).toEqual(['one', 'first', 'two']);
  });

  it('that is written while others wait for the person goes behind them, and they go on', async () => {
    const { id, run } = await running();
    await putInLine(id, 'two');
    run.fail(new HearthError('stream_cut', { backend: 'x' }));
    await becomes(id, ['two'], 'failed');
    await putInLine(id, 'three');
    (await scene.run(1)).answer('second');
    (await scene.run(2)).answer('third');
    await becomes(id, [], 'answer');
    expect(await questionsOf(id)).toEqual(['one', 'two', 'three']);
  });

  it('is refused empty, too long, and in a chat that is not there', async () => {
    const { id } = await running();
    await expect(say(id, ' \n')).rejects.toMatchObject({ code: 'question_empty' });
    const message = await putInLine(id, 'two');
    await expect(scene.chat.line.edit(message, '')).rejects.toMatchObject({ code: 'question_empty' });
    await scene.conversations.delete(id);
    await expect(say(id, 'three')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('in line', () => {
  it('a message is changed in its place, and not asked while somebody changes it', async () => {
    const { id, answer, run } = await running();
    const two = await putInLine(id, 'two');
    await putInLine(id, 'three');
    const letGo = await scene.chat.line.hold(two);
    run.answer('first');
    await scene.follow(answer.id).settled();
    await becomes(id, ['two', 'three'], 'edit');
    expect(scene.backends.runs).toHaveLength(1);
    expect(await scene.chat.line.edit(two, 'two, better')).toEqual({ ...two, text: 'two, better' });
    letGo();
    letGo();
    expect((await scene.run(1)).messages.at(-1)?.content).toBe('two, better');
  });

  it('a message that two windows change waits for both', async () => {
    const { id, answer, run } = await running();
    const two = await putInLine(id, 'two');
    const [first, second] = await Promise.all([scene.chat.line.hold(two), scene.chat.line.hold(two)]);
    first();
    run.answer('first');
    await scene.follow(answer.id).settled();
    await becomes(id, ['two'], 'edit');
    second();
    await scene.run(1);
  });

  it('a removed one is passed over, and comes back to its place', async () => {
    const { id, run } = await running();
    const two = await putInLine(id, 'two');
    await putInLine(id, 'three');
    await scene.chat.line.remove(two);
    expect(await lineOf(id)).toEqual({ texts: ['three'], waitsFor: 'answer' });
    await expect(scene.chat.line.edit(two, 'x')).rejects.toMatchObject({ code: 'line_gone' });
    await scene.chat.line.undoRemove(two);
    expect(await lineOf(id)).toEqual({ texts: ['two', 'three'], waitsFor: 'answer' });
    await scene.chat.line.remove(two);
    run.answer('first');
    (await scene.run(1)).answer('to three');
    await becomes(id, [], 'answer');
    // Nothing is there any more that it could wait for.
    await scene.chat.line.undoRemove(two);
    expect((await scene.run(2)).messages.at(-1)?.content).toBe('two');
  });

  it('a removed one is gone at once, and can be brought back for ten seconds', async () => {
    const { id } = await running();
    const two = await putInLine(id, 'two');
    await putInLine(id, 'three');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await scene.chat.line.remove(two);
    expect((await storage.lineOf(id)).map(({ text }) => text)).toEqual(['three']);
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    await expect(scene.chat.line.undoRemove(two)).rejects.toMatchObject({ code: 'line_gone' });
    expect((await storage.lineOf(id)).map(({ text }) => text)).toEqual(['three']);
  });

  it('one that was asked meanwhile can neither be changed nor removed', async () => {
    const { id, run } = await running();
    const two = await putInLine(id, 'two');
    run.answer('first');
    await scene.run(1);
    await becomes(id, [], 'answer');
    await expect(scene.chat.line.hold(two)).rejects.toMatchObject({ code: 'line_gone' });
    await expect(scene.chat.line.edit(two, 'x')).rejects.toMatchObject({ code: 'line_gone' });
    await expect(scene.chat.line.remove(two)).rejects.toMatchObject({ code: 'line_gone' });
  });

  it('tells everybody of every change', async () => {
    const told = vi.fn<(id: ConversationId) => void>();
    const { id, run } = await running();
    const stopListening = scene.chat.line.onChange(told);
    const changes = async (work: () => unknown) => {
      told.mockClear();
      await work();
      await vi.waitFor(() => expect(told).toHaveBeenCalledWith(id));
    };
    await changes(() => putInLine(id, 'two'));
    const [two] = (await scene.chat.line.status(id)).messages;
    if (two === undefined) throw new Error('nothing is in line');
    await changes(() => scene.chat.line.edit(two, 'changed'));
    await changes(() => scene.chat.line.remove(two));
    await changes(() => scene.chat.line.undoRemove(two));
    await changes(() => run.answer('first'));
    stopListening();
    await becomes(id, [], 'answer');
  });

  it('all stays while its chat is in the bin, and comes back with it', async () => {
    const { id } = await running();
    await putInLine(id, 'two');
    await scene.conversations.delete(id);
    await becomes(id, ['two'], 'closed');
    await scene.conversations.restore(id);
    expect(await lineOf(id)).toEqual({ texts: ['two'], waitsFor: 'closed' });
    expect(scene.backends.runs).toHaveLength(1);
    scene.chat.line.sendNow(id);
    await scene.run(1);
  });

  it('says why one could not be asked, and keeps it', async () => {
    let isFull = false;
    scene = openChat(storage, {
      beginTurn: (turn) =>
        isFull
          ? Promise.reject(new HearthError('storage_disk_full', { path: 'x', reason: 'y' }))
          : storage.beginTurn(turn),
    });
    const { id, run } = await running();
    await putInLine(id, 'two');
    isFull = true;
    run.answer('first');
    await becomes(id, ['two'], 'refused');
    expect((await scene.chat.line.status(id)).problem).toMatchObject({ code: 'storage_disk_full' });
    isFull = false;
    scene.chat.line.sendNow(id);
    await becomes(id, [], 'answer');
    expect(await questionsOf(id)).toEqual(['one', 'two']);
  });

  it('waits after a close, and nothing of it is asked by itself', async () => {
    const { id } = await running();
    await putInLine(id, 'two');
    await scene.chat.close();
    scene = openChat(storage);
    expect(await lineOf(id)).toEqual({ texts: ['two'], waitsFor: 'closed' });
    const told = await say(id, 'three');
    expect(told.type).toBe('inLine');
    (await scene.run(0)).answer('second');
    (await scene.run(1)).answer('third');
    await becomes(id, [], 'answer');
    expect(await questionsOf(id)).toEqual(['one', 'two', 'three']);
  });
});

/** What a Hearth writes that is killed. */
const WRITES = [
  'beginTurn',
  'markStreaming',
  'appendJournal',
  'settle',
  'putInLine',
  'editInLine',
  'dropFromLine',
] as const;

/** A storage that dies at its n-th write, before or after it: from then on no call ends. */
function dying(real: Storage, atWrite: number, when: 'before' | 'after') {
  let writes = 0;
  let die = () => {};
  const died = new Promise<void>((resolve) => (die = resolve));
  const forever = new Promise<never>(() => {});
  let isDead = false;
  const faults: Partial<Storage> = {};
  for (const name of Object.keys(real) as (keyof Storage)[]) {
    const call = real[name] as (...args: unknown[]) => Promise<unknown>;
    const isWrite = (WRITES as readonly string[]).includes(name);
    Object.assign(faults, {
      [name]: async (...args: unknown[]) => {
        if (isDead) return forever;
        if (isWrite) writes += 1;
        if (!isWrite || writes !== atWrite) return call(...args);
        isDead = true;
        if (when === 'after') await call(...args).catch(() => {});
        die();
        return forever;
      },
    });
  }
  return { faults, died, writes: () => writes };
}

describe('a kill between any two steps', () => {
  /** One question, three messages in line: one is changed, one removed. Resolves at its end, or never. */
  async function play(on: ChatScene, taken: string[], ids: ConversationId[]): Promise<void> {
    const { conversation } = await on.ask('one');
    const { id } = conversation;
    taken.push('one');
    ids.push(id);
    const first = await on.run(0);
    const put = async (text: string) => {
      const result = await on.chat.line.send({ conversationId: id, text }, 'window');
      taken.push(text);
      return result.type === 'inLine' ? result.message : undefined;
    };
    const two = await put('two');
    const gone = await put('gone');
    await put('three');
    if (two) await on.chat.line.edit(two, 'two!');
    taken.splice(taken.indexOf('two'), 1, 'two!');
    if (gone) await on.chat.line.remove(gone);
    taken.splice(taken.indexOf('gone'), 1);
    first.answer('a');
    (await on.run(1)).answer('b');
    (await on.run(2)).answer('c');
    await vi.waitFor(async () => {
      const { messages } = await on.chat.line.status(id);
      const runs = on.queue.status();
      expect(messages).toEqual([]);
      expect(runs).toMatchObject({ lanes: [] });
    });
    await on.chat.close();
  }

  it('loses nothing and asks nothing twice', { timeout: 120_000 }, async () => {
    let last = Infinity;
    for (let at = 1; at <= last; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const place = await openScratchStorage();
        const { faults, died, writes } = dying(place.storage, at, when);
        const on = openChat(place.storage, faults);
        const taken: string[] = [];
        const ids: ConversationId[] = [];
        const end = await Promise.race([died.then(() => 'died' as const), play(on, taken, ids).then(() => 'played')]);
        if (end === 'played') {
          last = Math.min(last, writes());
          await place.remove();
          continue;
        }
        const again = await place.reopen();
        const next = openChat(again);
        const [id] = (await again.listConversations({ limit: 1 })).map((one) => one.id);
        if (id === undefined) {
          expect(taken).toEqual([]);
        } else {
          const inLine = await lineOf(id, next);
          const all = [...(await questionsOf(id, again)), ...inLine.texts];
          // In the order in which they were typed, none twice; what was told as taken is there.
          const known = all.map((text) => ['one', 'two', 'two!', 'gone', 'three'].indexOf(text));
          expect(known).toEqual(known.toSorted((a, b) => a - b));
          expect(new Set(all).size).toBe(all.length);
          expect(all).toEqual(expect.arrayContaining(taken.filter((text) => text !== 'two' && text !== 'gone')));
          if (inLine.texts.length > 0) {
            expect(inLine.waitsFor).toBe('closed');
            next.chat.line.sendNow(id);
            for (const index of inLine.texts.keys()) (await next.run(index)).answer('late');
            await vi.waitFor(async () => expect(await questionsOf(id, again)).toEqual(all));
          }
        }
        await next.chat.close();
        await place.remove();
      }
    }
    expect(last).toBeGreaterThan(10);
  });
});
