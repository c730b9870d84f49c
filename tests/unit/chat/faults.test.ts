// Engines that break, disks that refuse, a Hearth that closes: what has come is kept, and everybody is told.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import type { NewTurn, Storage } from '../../../src/main/storage/index.ts';
import { type ChatScene, openChat, openScratchStorage, textIn, textOf } from '../../support/chat-scene.ts';
import { noUsage, scriptedSource } from '../../support/scripted-backends.ts';

let scratch: Awaited<ReturnType<typeof openScratchStorage>>;
let storage: Storage;
let scene: ChatScene;

beforeAll(async () => {
  scratch = await openScratchStorage();
  storage = scratch.storage;
});
afterAll(() => scratch.remove());
afterEach(async () => {
  await scene.chat.close();
  vi.useRealTimers();
});

const textEvent = (text: string) => ({ type: 'text' as const, text });
const sourceEvent = { type: 'source' as const, source: scriptedSource };
const diskFull = () => new HearthError('storage_disk_full', { path: '/full' });

describe('the engine', () => {
  it('failing before any text fails the answer', async () => {
    scene = openChat(storage);
    const { answer } = await scene.ask('one');
    const run = await scene.run(0);
    run.say(sourceEvent);
    run.fail(new HearthError('model_not_found', { backend: 'Ollama', model: 'x', installed: 'tiny' }));
    expect(await scene.follow(answer.id).settled()).toMatchObject({
      state: 'failed',
      error: { code: 'model_not_found', params: { installed: 'tiny' } },
      source: scriptedSource,
      usage: null,
    });
  });

  it('dying in the middle leaves what had come, marked as interrupted', async () => {
    scene = openChat(storage);
    const { answer } = await scene.ask('one');
    const run = await scene.run(0);
    run.say(sourceEvent, textEvent('half'));
    run.fail(new HearthError('engine_crashed', { how: 'SIGKILL' }));
    const message = await scene.follow(answer.id).settled();
    expect(message).toMatchObject({ state: 'interrupted', error: { code: 'engine_crashed' } });
    expect(textOf(await storage.getMessage(answer.id))).toBe('half');
  });

  it.each([
    ['before any text', [], 'failed'],
    ['after some text', [textEvent('half')], 'interrupted'],
  ])('ending without its done record %s is an error, not an answer', async (_when, events, state) => {
    scene = openChat(storage);
    const { answer } = await scene.ask('one');
    const run = await scene.run(0);
    run.say(sourceEvent, ...events);
    run.cut();
    expect(await scene.follow(answer.id).settled()).toMatchObject({
      state,
      error: { code: 'stream_cut', params: { backend: 'Ollama' } },
    });
  });

  it('throwing something that is no error of ours becomes `internal`', async () => {
    scene = openChat(storage);
    const { answer } = await scene.ask('one');
    (await scene.run(0)).fail(new TypeError('x is undefined'));
    expect(await scene.follow(answer.id).settled()).toMatchObject({ state: 'failed', error: { code: 'internal' } });
  });

  it('going on after its done record changes nothing', async () => {
    scene = openChat(storage);
    const { answer } = await scene.ask('one');
    const run = await scene.run(0);
    run.answer('whole');
    run.say(textEvent(' and more'));
    run.fail(new HearthError('stream_cut', { backend: 'Ollama' }));
    const message = await scene.follow(answer.id).settled();
    expect([message.state, textOf(message)]).toEqual(['done', 'whole']);
  });

  it('ignoring its signal does not keep a stopped answer open', async () => {
    scene = openChat(storage);
    const { answer } = await scene.ask('one');
    const run = await scene.run(0);
    const window = scene.follow(answer.id);
    run.say(sourceEvent, textEvent('half'));
    await window.text('half');
    scene.backends.beDeaf();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stopping = scene.chat.stop(answer.id);
    await vi.advanceTimersByTimeAsync(2_000);
    await stopping;
    // It still holds its slot, and gives it back when it speaks or ends.
    expect(scene.queue.status().lanes).toMatchObject([{ running: 1 }]);
    run.say(textEvent(' too late'));
    await vi.waitFor(() => expect(scene.queue.status().lanes).toEqual([]));
    expect(await storage.getMessage(answer.id)).toMatchObject({
      state: 'stopped',
      parts: [{ type: 'text', text: 'half' }],
    });
  });

  it('failing its own way while it is being stopped is still a stop', async () => {
    scene = openChat(storage);
    const { answer } = await scene.ask('one');
    const run = await scene.run(0);
    run.say(sourceEvent);
    run.signal.addEventListener('abort', () =>
      run.fail(new HearthError('backend_unreachable', { backend: 'O', host: 'h' })),
    );
    await scene.chat.stop(answer.id);
    expect(await storage.getMessage(answer.id)).toMatchObject({ state: 'stopped', error: null });
  });
});

/** A call of the storage that waits until the test lets it through. */
function gate() {
  let open: () => void = () => {};
  let refuse: (error: Error) => void = () => {};
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    refuse = reject;
  });
  return { opened, open: () => open(), refuse: (error: Error) => refuse(error) };
}

describe('the disk', () => {
  it('is not waited for by the engine, but by everybody who watches', async () => {
    const commit = gate();
    let turn: NewTurn | undefined;
    scene = openChat(storage, {
      beginTurn: async (newTurn) => {
        turn = newTurn;
        await commit.opened;
        return storage.beginTurn(newTurn);
      },
    });
    let isSent = false;
    const sending = scene.ask('one').then((sent) => {
      isSent = true;
      return sent;
    });
    const run = await scene.run(0);
    if (turn === undefined) throw new Error('asked before it was written');
    const early = scene.follow(turn.answerId, 0);
    run.say(sourceEvent, textEvent('first'));
    // Far more turns of the event loop than the events would need.
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    expect([isSent, early.received]).toEqual([false, []]);
    commit.open();
    const { answer } = await sending;
    await early.text('first');
    run.say({ type: 'done', reason: 'stop', usage: noUsage });
    expect(await early.settled()).toMatchObject({ id: answer.id, state: 'done' });
  });

  it('reads the context before it writes the question, so that the engine waits for no commit', async () => {
    const calls: string[] = [];
    const commit = gate();
    scene = openChat(storage, {
      getPath: (leafId) => {
        calls.push('getPath');
        return storage.getPath(leafId);
      },
      beginTurn: async (turn) => {
        calls.push('beginTurn');
        if (turn.newConversation === null) await commit.opened;
        return storage.beginTurn(turn);
      },
    });
    const first = await scene.ask('one');
    (await scene.run(0)).answer('done');
    await scene.follow(first.answer.id).settled();
    const sending = scene.ask('two', first.conversation.id);
    expect((await scene.run(1)).messages).toHaveLength(3);
    expect(calls).toEqual(['beginTurn', 'getPath', 'beginTurn']);
    commit.open();
    await sending;
  });

  it('refusing the question ends the request and tells the sender', async () => {
    const commit = gate();
    const settle = vi.fn<Storage['settle']>();
    let turn: NewTurn | undefined;
    scene = openChat(storage, {
      beginTurn: async (newTurn) => {
        turn = newTurn;
        await commit.opened;
        throw new Error('unreachable');
      },
      settle,
    });
    const sending = scene.ask('one');
    const refused = expect(sending).rejects.toMatchObject({ code: 'storage_disk_full' });
    const run = await scene.run(0);
    run.say(sourceEvent, textEvent('first'));
    commit.refuse(diskFull());
    await refused;
    await vi.waitFor(() => expect(run.signal.aborted).toBe(true));
    await vi.waitFor(() => expect(scene.queue.status().lanes).toEqual([]));
    expect(settle).not.toHaveBeenCalled();
    if (turn === undefined) throw new Error('it was not written');
    await expect(scene.follow(turn.answerId).ended).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refusing the answer leaves it readable, says so, and gets it when there is room again', async () => {
    let isFull = true;
    scene = openChat(storage, {
      settle: (settlement) => (isFull ? Promise.reject(diskFull()) : storage.settle(settlement)),
    });
    const { answer } = await scene.ask('one');
    const window = scene.follow(answer.id);
    (await scene.run(0)).answer('a whole ', 'answer');
    const shown = await window.settled();
    expect(shown).toMatchObject({ state: 'interrupted', error: { code: 'storage_disk_full' } });
    expect(textOf(shown)).toBe('a whole answer');
    expect(scene.log.error).toHaveBeenCalledOnce();
    // A window that comes later still gets it, from memory.
    expect(textOf(await scene.follow(answer.id).settled())).toBe('a whole answer');
    isFull = false;
    await scene.ask('two');
    await vi.waitFor(async () => expect(await storage.getMessage(answer.id)).toMatchObject({ state: 'done' }));
    expect(textOf(await storage.getMessage(answer.id))).toBe('a whole answer');
    expect(await scene.follow(answer.id).settled()).toMatchObject({ state: 'done', error: null });
  });

  it('refusing the context fails the answer with that', async () => {
    scene = openChat(storage, { getPath: () => Promise.reject(diskFull()) });
    const first = await scene.ask('one');
    (await scene.run(0)).answer('done');
    await scene.follow(first.answer.id).settled();
    const { answer } = await scene.ask('two', first.conversation.id);
    expect(await scene.follow(answer.id).settled()).toMatchObject({
      state: 'failed',
      error: { code: 'storage_disk_full' },
    });
  });

  it('has what came of an answer when Hearth dies in the middle of it', async () => {
    const own = await openScratchStorage();
    try {
      const appended = vi.fn<() => void>();
      scene = openChat(own.storage, {
        appendJournal: async (entries) => {
          await own.storage.appendJournal(entries);
          appended();
        },
      });
      const { answer } = await scene.ask('one');
      const run = await scene.run(0);
      run.say(sourceEvent, textEvent('h'));
      await vi.waitFor(() => expect(appended).toHaveBeenCalledTimes(1));
      // What is on the disk has another name by now.
      run.say(textEvent('m'), { type: 'relabel', as: 'thinking' }, textEvent('so far 🙂'));
      await vi.waitFor(() => expect(appended).toHaveBeenCalledTimes(2));
      const reopened = await own.reopen();
      expect(await reopened.getMessage(answer.id)).toMatchObject({
        state: 'interrupted',
        source: scriptedSource,
        parts: [
          { type: 'thinking', text: 'hm' },
          { type: 'text', text: 'so far 🙂' },
        ],
      });
    } finally {
      await scene.chat.close();
      await own.remove();
    }
  });
});

describe('closing', () => {
  it('marks what runs and what waits as interrupted, keeps the text and takes nothing more', async () => {
    scene = openChat(storage);
    const running = await scene.ask('one');
    const waiting = await scene.ask('two');
    const window = scene.follow(running.answer.id);
    (await scene.run(0)).say(sourceEvent, textEvent('half'));
    await window.text('half');
    await scene.chat.close();
    for (const [sent, text] of [
      [running, 'half'],
      [waiting, ''],
    ] as const) {
      const message = await storage.getMessage(sent.answer.id);
      expect(message).toMatchObject({ state: 'interrupted', error: { code: 'interrupted' } });
      expect(textOf(message)).toBe(text);
    }
    expect(textIn(await window.ended)).toBe('half');
    await expect(scene.ask('three')).rejects.toMatchObject({ code: 'cancelled' });
    await expect(scene.chat.retry(running.answer.id, 'window')).rejects.toMatchObject({ code: 'cancelled' });
    await scene.chat.close();
  });

  it('ends a question that still looks for an engine, and stores nothing of it', async () => {
    scene = openChat(storage);
    const before = await storage.facts();
    scene.backends.planWith(
      (_wish, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
    const refused = expect(scene.ask('one')).rejects.toMatchObject({ code: 'cancelled' });
    await scene.chat.close();
    await refused;
    expect(await storage.facts()).toEqual(before);
  });

  it('does not wait for ever for a disk that hangs', async () => {
    scene = openChat(storage, { settle: () => new Promise(() => {}) });
    const { answer } = await scene.ask('one');
    expect(answer.state).toBe('waiting');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const closed = vi.fn<() => void>();
    const closing = scene.chat.close().then(closed);
    await vi.advanceTimersByTimeAsync(3_000);
    await closing;
    expect(closed).toHaveBeenCalledOnce();
  });

  it('of the queue interrupts what it cuts', async () => {
    scene = openChat(storage);
    const running = await scene.ask('one');
    const waiting = await scene.ask('two');
    await scene.queue.stop();
    for (const { answer } of [running, waiting])
      expect(await scene.follow(answer.id).settled()).toMatchObject({
        state: 'interrupted',
        error: { code: 'interrupted' },
      });
  });
});
