// What `hearth ask` writes for what main says, with a client that says it.
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ask, type AskOptions } from '../../../src/cli/ask.ts';
import type { HearthClient } from '../../../src/cli/connect.ts';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import type { TurnEvent } from '../../../src/contract/chat.ts';
import type { Message } from '../../../src/contract/conversations.ts';
import { newConversationId, newMessageId } from '../../support/storage.ts';
import { scriptedSource } from '../../support/scripted-backends.ts';

const answer: Message = {
  id: newMessageId(),
  conversationId: newConversationId(),
  parentId: newMessageId(),
  role: 'assistant',
  state: 'done',
  parts: [{ type: 'text', text: 'A lock.' }],
  createdAtMs: 1,
  settledAtMs: 2,
  source: scriptedSource,
  usage: null,
  error: null,
};
const settled = (change: Partial<Message> = {}): TurnEvent => ({
  type: 'settled',
  seq: 9,
  message: { ...answer, ...change },
});
const delta = (text: string): TurnEvent => ({ type: 'delta', seq: 1, text });

function saying(events: TurnEvent[], end?: Error): HearthClient {
  return {
    chat: {
      send: () => Promise.resolve({ answer }),
      attach: () =>
        Promise.resolve(
          (async function* () {
            yield* events;
            if (end !== undefined) throw end;
          })(),
        ),
    },
  } as unknown as HearthClient;
}

async function run(events: TurnEvent[], change: Partial<AskOptions> & { isTerminal?: true } = {}) {
  const stdout = Object.assign(new PassThrough(), { isTTY: change.isTerminal });
  const stderr = new PassThrough();
  const signal = new AbortController().signal;
  const code = await ask(saying(events), {
    question: 'What is a mutex?',
    isJson: false,
    cwd: '/',
    stdout,
    stderr,
    signal,
    ...change,
  });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

test('an answer that had settled before anybody followed it is written whole', async () => {
  expect(await run([settled()])).toMatchObject({ code: EXIT.answered, stdout: 'A lock.\n' });
});

test('what the question is for goes along only when it was said', async () => {
  const sent: unknown[] = [];
  const client = saying([settled()]);
  const { send } = client.chat;
  client.chat.send = (input) => {
    sent.push(input);
    return send(input);
  };
  const streams = { stdout: new PassThrough(), stderr: new PassThrough(), signal: new AbortController().signal };
  const options = { question: 'x', isJson: false, cwd: '/', ...streams };
  await ask(client, options);
  await ask(client, { ...options, purpose: 'quickAsk' });
  expect(sent).toEqual([
    { conversationId: null, text: 'x' },
    { conversationId: null, text: 'x', purpose: 'quickAsk' },
  ]);
});

test('what came piece by piece is written once, and the rest of it at the end', async () => {
  expect((await run([delta('A '), delta('lock.'), settled()])).stdout).toBe('A lock.\n');
  expect((await run([delta('A '), settled()])).stdout).toBe('A lock.\n');
});

test('what was written turns out to be a thought: a line says so, and the answer is written whole', async () => {
  const relabel: TurnEvent = { type: 'relabel', seq: 2, as: 'thinking' };
  const thought = { type: 'thinking' as const, text: 'Hm.' };
  const parts = [thought, ...answer.parts];
  const told = await run([delta('Hm.'), relabel, delta('A '), settled({ parts })]);
  expect(told.stdout).toBe('Hm.\nA lock.\n');
  expect(told.stderr).toContain('What stands above was the model’s thinking.');
  const object = await run([delta('Hm.'), relabel, settled({ parts })], { isJson: true });
  expect(JSON.parse(object.stdout)).toMatchObject({ text: 'A lock.' });
  expect(object.stderr).toBe('');
});

test('what was taken for a thought is written when it turns out to be the answer', async () => {
  const told = await run([
    { type: 'delta', seq: 1, thinking: 'A ' },
    { type: 'relabel', seq: 2, as: 'text' },
    settled(),
  ]);
  expect(told).toMatchObject({ stdout: 'A lock.\n', stderr: expect.not.stringContaining('thinking') });
});

test('an answer without text adds no line', async () => {
  const failed = await run([settled({ state: 'failed', parts: [] })]);
  expect(failed).toMatchObject({ code: EXIT.failed, stdout: '' });
});

test('a model cannot steer the terminal, but a file gets what it wrote', async () => {
  const text = 'A\u001b]0;owned\u0007 lock.';
  const events = [delta(text), settled({ parts: [{ type: 'text', text }] })];
  expect((await run(events, { isTerminal: true })).stdout).toBe('A]0;owned lock.\n');
  expect((await run(events)).stdout).toBe(`${text}\n`);
  const source = { ...scriptedSource, model: '\u001b[31mtiny' };
  expect((await run([settled({ source })])).stderr).toContain('· [31mtiny ·');
});

test('a Hearth that goes in the middle is named, whatever the connection said', async () => {
  const client = saying([delta('A ')], new Error('aborted'));
  const stdout = new PassThrough();
  const { signal } = new AbortController();
  const asked = ask(client, { question: 'x', isJson: false, cwd: '/', stdout, stderr: new PassThrough(), signal });
  await expect(asked).rejects.toMatchObject({ code: 'stream_cut', detail: 'aborted' });
});
