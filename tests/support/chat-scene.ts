// A chat over a real history in a scratch folder, a real queue and scripted engines.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import type { TurnEvent } from '../../src/contract/chat.ts';
import type { ConversationChange, Message } from '../../src/contract/conversations.ts';
import type { ConversationId, MessageId } from '../../src/contract/ids.ts';
import { createChat, createConversations } from '../../src/main/chat/index.ts';
import { createQueue } from '../../src/main/queue/index.ts';
import { openStorage, type Storage } from '../../src/main/storage/index.ts';
import { type ScriptedRun, scriptedBackends } from './scripted-backends.ts';

const workerUrl = new URL('../../src/main/storage/worker.ts', import.meta.url);

export async function openScratchStorage(): Promise<{
  storage: Storage;
  reopen(): Promise<Storage>;
  remove(): Promise<void>;
}> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hearth-chat-'));
  let storage = await openStorage({ folder, workerUrl });
  return {
    storage,
    async reopen() {
      await storage.close();
      storage = await openStorage({ folder, workerUrl });
      return storage;
    },
    async remove() {
      await storage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param faults calls of the storage that behave differently */
export function openChat(real: Storage, faults: Partial<Storage> = {}) {
  const storage: Storage = { ...real, ...faults };
  const backends = scriptedBackends();
  const queue = createQueue();
  const log = { warn: vi.fn<(message: string) => void>(), error: vi.fn<(message: string) => void>() };
  const chat = createChat({ storage, queue, backends, log });
  const conversations = createConversations({ storage, chat });
  const changes: ConversationChange[] = [];
  conversations.onChange((change) => changes.push(change));

  return {
    chat,
    conversations,
    backends,
    queue,
    log,
    changes,
    ask: (text: string, conversationId: ConversationId | null = null) => chat.send({ conversationId, text }, 'window'),
    /** The engine's hand for the n-th question that reached it. */
    run: (index: number): Promise<ScriptedRun> =>
      vi.waitFor(() => {
        const run = backends.runs[index];
        if (run === undefined) throw new Error(`question ${index} has not reached the engine`);
        return run;
      }),
    follow: (messageId: MessageId, afterSeq?: number) =>
      followEvents(chat.attach({ messageId, afterSeq }, new AbortController().signal)),
  };
}
export type ChatScene = ReturnType<typeof openChat>;

export function followEvents(events: AsyncIterable<TurnEvent>) {
  const received: TurnEvent[] = [];
  const ended = (async () => {
    for await (const event of events) received.push(event);
    return received;
  })();
  ended.catch(() => {});
  return {
    received,
    /** All events, once the last one is here. */
    ended,
    /** Waits until so much text has come. */
    text: (expected: string) =>
      vi.waitFor(() => {
        if (textIn(received) !== expected) throw new Error(`so far: ${textIn(received)}`);
      }),
    settled: async (): Promise<Message> => {
      const last = (await ended).at(-1);
      if (last?.type !== 'settled') throw new Error('it ended without settling');
      return last.message;
    },
  };
}

/** The text that a window holds after these events. */
export function textIn(events: TurnEvent[]): string {
  let text = '';
  for (const event of events) {
    if (event.type === 'snapshot') text = textOf(event.message);
    if (event.type === 'delta') text += event.text ?? '';
  }
  return text;
}

export function textOf(message: Message): string {
  return message.parts.find((part) => part.type === 'text')?.text ?? '';
}
