// Opens real histories in throw-away folders, in this process or in one of its own that can be killed.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { uuidv7 } from 'uuidv7';
import { onTestFinished } from 'vitest';
import type { AnswerSource } from '../../src/contract/conversations.ts';
import type { ConversationId, MessageId } from '../../src/contract/ids.ts';
import {
  openStorage,
  type NewTurn,
  type Settlement,
  type Storage,
  type StorageOptions,
} from '../../src/main/storage/index.ts';
import type { Command, Report } from './storage-process.ts';

const workerUrl = new URL('../../src/main/storage/worker.ts', import.meta.url);

export const newConversationId = (): ConversationId => uuidv7() as ConversationId;
export const newMessageId = (): MessageId => uuidv7() as MessageId;

/** An empty folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-storage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A history that is closed when the test ends. */
export async function openHistory(folder: string, options: Partial<StorageOptions> = {}): Promise<Storage> {
  const storage = await openStorage({ folder, workerUrl, ...options });
  onTestFinished(() => storage.close());
  return storage;
}

/** A question that starts a conversation; give what matters to the test. */
export function firstTurn(given: { text?: string; title?: string; nowMs?: number } = {}): NewTurn & {
  newConversation: { id: ConversationId; title: string };
} {
  const conversationId = newConversationId();
  return {
    newConversation: { id: conversationId, title: given.title ?? 'A chat' },
    conversationId,
    question: { id: newMessageId(), parentId: null, text: given.text ?? 'What is a mutex?' },
    answerId: newMessageId(),
    nowMs: given.nowMs ?? 1_000,
    client: 'window',
  };
}

/** A question that follows a message. */
export function nextTurn(
  conversationId: ConversationId,
  parentId: MessageId,
  given: { text?: string; nowMs?: number } = {},
): NewTurn {
  return {
    ...firstTurn(given),
    newConversation: null,
    conversationId,
    question: { ...firstTurn(given).question, parentId },
  };
}

export const ollama: AnswerSource = {
  kind: 'ollama',
  url: 'ollama://tiny@127.0.0.1:11434',
  label: 'Ollama',
  model: 'tiny',
  host: '127.0.0.1:11434',
  skipped: [],
};

export function settlement(messageId: MessageId, given: Partial<Settlement> = {}): Settlement {
  return {
    messageId,
    state: 'done',
    text: 'A lock.',
    thinking: '',
    source: ollama,
    usage: null,
    error: null,
    nowMs: 2_000,
    ...given,
  };
}

export interface StorageProcess {
  child: ChildProcessWithoutNullStreams;
  /** Sends a command without waiting. */
  send(command: Command): void;
  /** The next report of the child; rejects when it ends instead. */
  next(): Promise<Report>;
  /** Ends it as a crash does; resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * A process of its own that opens the history and runs commands.
 * @param wrap turns the command line into another one, for example one that sets limits first
 */
export function startStorageProcess(
  folder: string,
  wrap: (command: string[]) => string[] = (command) => command,
): StorageProcess {
  const script = fileURLToPath(new URL('./storage-process.ts', import.meta.url));
  const [program = '', ...args] = wrap([process.execPath, script, folder]);
  const child = spawn(program, args);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const hasExited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await hasExited;
  };
  onTestFinished(kill);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    kill,
    send: (command) => void child.stdin.write(`${JSON.stringify(command)}\n`),
    async next() {
      const line = await lines.next();
      if (line.done) throw new Error(`The storage process ended: ${errors}`);
      return JSON.parse(line.value) as Report;
    },
  };
}
