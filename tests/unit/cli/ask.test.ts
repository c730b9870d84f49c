// What `hearth ask` writes for what main says, with a client that says it.
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ask, type AskOptions } from '../../../src/cli/ask.ts';
import type { HearthClient } from '../../../src/cli/connect.ts';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import type { TurnEvent } from '../../../src/contract/chat.ts';
import type { AnswerSource, Message } from '../../../src/contract/conversations.ts';
import type { ErrorCode, ErrorParams } from '../../../src/contract/errors.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';
import { ollamaReady } from '../../support/fake-main.ts';
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
    backends: { status: () => Promise.resolve(ollamaReady) },
    catalogue: { get: () => Promise.resolve({ suggested: 'qwen3:4b' }) },
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

const demo: AnswerSource = { ...scriptedSource, kind: 'demo', label: 'Demo', url: 'demo://', model: null, host: null };
const without = (code: ErrorCode): AnswerSource => ({
  ...demo,
  skipped: [{ kind: 'ollama', label: 'Ollama', reason: errorInfo(code, { backend: 'Ollama', host: 'gpu.lan' }) }],
});

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

test('an answer that was cut says why, in the last line or as a field', async () => {
  const counts = { promptTokens: 9, answerTokens: 4_096, loadMs: 0, firstTokenMs: 1, answerMs: 2, totalMs: 3 };
  const cut = { why: 'length', limitTokens: 4_096 } as const;
  const words = await run([settled({ usage: { ...counts, cut } })]);
  expect(words.stderr).toMatch(/The answer is not finished: it was cut at 4,096 tokens\.\n$/);
  const repeated = await run([settled({ usage: { ...counts, cut: { why: 'repetition', limitTokens: null } } })]);
  expect(repeated.stderr).toMatch(/it began to repeat itself, so Hearth stopped it\.\n$/);
  const json = await run([settled({ usage: { ...counts, cut } })], { isJson: true });
  expect(JSON.parse(json.stdout)).toMatchObject({ state: 'done', cut });
  expect(JSON.parse((await run([settled({ usage: counts })], { isJson: true })).stdout)).toMatchObject({ cut: null });
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

describe('a demo reply', () => {
  const started = (source: AnswerSource): TurnEvent => ({ type: 'started', seq: 1, source, sinceMs: Date.now() });
  const told = 'What follows is a demo reply: sample text, written by no model.';

  test.each([
    [without('ollama_not_installed'), `${told} Why: No Ollama was found.`, 'hearth engine install'],
    [without('no_model_installed'), `${told} Why: Ollama is running but has no model yet. `, 'hearth pull qwen3:4b'],
    [without('memory_short'), `${told} Why: `, 'hearth doctor'],
    [demo, 'written by no model, because the demo was asked.', 'hearth ask --backend local:// "QUESTION"'],
  ])('says before its text what it is, and after it what to do: %#', async (source, before, next) => {
    for (const events of [[started(source), delta('A lock.'), settled({ source })], [settled({ source })]]) {
      // One stream for both, so that the order shows.
      const both = new PassThrough();
      const { code } = await run(events, { stdout: both, stderr: both });
      const lines = String(both.read()).split('\n');
      expect(code).toBe(EXIT.demo);
      expect(lines[0]).toContain(before);
      expect(lines[1]).toBe('A lock.');
      expect(lines[2]).toMatch(/^Demo reply/);
      expect(lines[3]).toBe(`Next: ${next}`);
    }
  });

  test('leaves the text alone for whoever reads it through a pipe, and is a field in JSON', async () => {
    const source = without('ollama_not_installed');
    expect((await run([settled({ source })])).stdout).toBe('A lock.\n');
    const { stdout, stderr } = await run([settled({ source })], { isJson: true });
    const object = JSON.parse(stdout) as unknown;
    expect(object).toMatchObject({ source: { kind: 'demo', skipped: [{ code: 'ollama_not_installed' }] } });
    expect(stderr).toBe('');
  });
});

test('a failure is told with what to type next, where a command helps', async () => {
  const failed = (code: ErrorCode, params: ErrorParams) =>
    run([settled({ state: 'failed', parts: [], error: errorInfo(code, params) })]);
  const missing = await failed('model_not_found', { backend: 'Ollama', model: 'phi4:14b', installed: 'tiny' });
  expect(missing).toMatchObject({ code: EXIT.failed, stdout: '' });
  expect(missing.stderr).toMatch(/Ollama has no model called “phi4:14b”.+\nNext: hearth pull phi4:14b\n$/);
  const short = await failed('memory_short', { model: 'big', needed: '9 GB', free: '1 GB' });
  expect(short.stderr).toMatch(/Close other programs, or choose a smaller model\.\n$/);
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

describe('while nothing comes', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  const reading: TurnEvent = {
    type: 'reading',
    seq: 3,
    sinceMs: 0,
    model: 'tiny',
    tokens: 1_300,
    readTokens: null,
    expectedMs: 40_000,
    isLate: false,
    behind: null,
  };
  const started: TurnEvent = { type: 'started', seq: 1, source: scriptedSource, sinceMs: 0 };

  /** Steps are events, or seconds that pass. */
  async function waited(steps: (TurnEvent | number)[], isTerminal: boolean, isJson = false): Promise<string> {
    vi.setSystemTime(0);
    const terminal = { isTTY: isTerminal };
    const stderr = Object.assign(new PassThrough(), terminal);
    const client = saying([]);
    client.chat.attach = (() =>
      Promise.resolve(
        (async function* () {
          for (const step of steps) {
            if (typeof step === 'number') vi.advanceTimersByTime(step * 1_000);
            else yield step;
          }
        })(),
      )) as unknown as typeof client.chat.attach;
    const stdout = Object.assign(new PassThrough(), terminal);
    const { signal } = new AbortController();
    await ask(client, { question: 'x', isJson, cwd: '/', stdout, stderr, signal });
    return String(stderr.read() ?? '');
  }

  test('a terminal counts the seconds of each state, and the line goes with the first word', async () => {
    const said = await waited(
      [
        started,
        4,
        { type: 'loading', seq: 2, model: 'tiny', sinceMs: 4_000 },
        2,
        reading,
        12,
        delta('A lock.'),
        settled(),
      ],
      true,
    );
    for (const words of [
      'Waiting for Ollama, 3 s so far',
      'Loading tiny into memory, 2 s so far',
      'Ollama is reading about 1,300 tokens, 12 s of about 40 s',
    ])
      expect(said).toContain(words);
    expect(said).toContain('40 s\r\u001B[KOllama · tiny');
  });

  test('what is longer than usual, and why, is told', async () => {
    const steps = [started, { ...reading, isLate: true, behind: 'others' as const }, 70, settled()];
    expect(await waited(steps, true)).toContain(
      'Ollama may be busy with another program, 70 s so far, longer than usual',
    );
    const place = { position: 1, etaMs: 5_000, running: 1, busyWith: 'stopped' as const };
    const queued = await waited([{ type: 'queued', seq: 1, place }, 3, 4, settled()], true);
    expect(queued).toContain('In line: number 1, about 2 s. The engine is still busy with a stopped question.');
    expect(queued).toContain('In line: number 1, longer than usual.');
  });

  test('silence in the middle is told below the answer, and goes with the next word', async () => {
    const said = await waited([started, delta('A '), 20, delta('lock.'), settled()], true);
    expect(said).toContain('\u001B7\u001B[B\r\u001B[KNothing has arrived for 20 s\u001B8');
    expect(said.lastIndexOf('\u001B[K\u001B8')).toBeGreaterThan(said.lastIndexOf('Nothing has arrived'));
  });

  test('a file hears of each state once, and of a long silence', async () => {
    const said = await waited(
      [started, reading, 60, { ...reading, isLate: true }, 9, delta('A '), 45, settled()],
      false,
    );
    expect(said.split('\n').slice(0, 3)).toEqual([
      'Ollama is reading about 1,300 tokens, 0 s of about 40 s',
      'Ollama is reading about 1,300 tokens, 60 s so far, longer than usual',
      'Nothing has arrived for 20 s',
    ]);
    expect(said.match(/Nothing has arrived/g)).toHaveLength(1);
  });

  test('what is not shown before its end is told as work', async () => {
    const thinking: TurnEvent = { type: 'delta', seq: 2, thinking: 'hm' };
    const said = await waited([started, thinking, 5, thinking, delta('A '), 7, delta('lock.'), settled()], true, true);
    expect(said).toContain('Ollama is thinking, 5 s so far');
    expect(said).toContain('Ollama is writing, 7 s so far');
  });
});

test('a Hearth that goes in the middle is named, whatever the connection said', async () => {
  const client = saying([delta('A ')], new Error('aborted'));
  const stdout = new PassThrough();
  const { signal } = new AbortController();
  const asked = ask(client, { question: 'x', isJson: false, cwd: '/', stdout, stderr: new PassThrough(), signal });
  await expect(asked).rejects.toMatchObject({ code: 'stream_cut', detail: 'aborted' });
});
