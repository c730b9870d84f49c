// `hearth ask`: one question, its answer streamed to standard output, its source to standard error.
import { ORPCError } from '@orpc/client';
import type { SendInput } from '../contract/chat.ts';
import type { Outlook } from '../contract/backends.ts';
import type { AnswerCut, AnswerSource, Message } from '../contract/conversations.ts';
import { HearthError } from '../main/errors/index.ts';
import { absoluteBackendUrl, absoluteModel } from '../main/backends/index.ts';
import { text } from '../main/words/index.ts';
import type { HearthClient } from './connect.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { createWaitTeller, type WaitTeller } from './ask-wait.ts';
import { describeSource, describeSpeed } from './describe.ts';
import { failureText } from './failure.ts';
import { withoutControl } from './output.ts';
import { whatNext } from './what-next.ts';

export interface AskOptions {
  question: string;
  backend?: string;
  model?: string;
  purpose?: NonNullable<SendInput['purpose']>;
  isJson: boolean;
  /** Relative model files are relative to here. */
  cwd: string;
  stdout: NodeJS.WritableStream & { isTTY?: boolean };
  stderr: NodeJS.WritableStream;
  /** Ends the answer; what has arrived stays in the history. */
  signal: AbortSignal;
}

/** Resolves with the exit code; rejects with what the services reject with. */
export async function ask(client: HearthClient, options: AskOptions): Promise<ExitCode> {
  const sent = await client.chat.send({
    conversationId: null,
    text: options.question,
    ...(options.backend === undefined ? {} : { backend: absoluteBackendUrl(options.backend, options.cwd) }),
    ...(options.model === undefined ? {} : { model: absoluteModel(options.model, options.cwd) }),
    ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
  });
  const messageId = sent.answer.id;
  const stop = () => void client.chat.stop({ messageId }).catch(() => {});
  options.signal.addEventListener('abort', stop);
  if (options.signal.aborted) stop();
  try {
    return await follow(client, messageId, options);
  } catch (error) {
    if (error instanceof ORPCError || error instanceof HearthError) throw error;
    // The Hearth that this terminal had joined is gone.
    throw new HearthError('stream_cut', { backend: 'Hearth' }, { cause: error });
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

async function follow(client: HearthClient, messageId: Message['id'], options: AskOptions): Promise<ExitCode> {
  const waiting = createWaitTeller(options);
  try {
    return await read(client, messageId, options, waiting);
  } finally {
    waiting.end();
  }
}

async function read(
  client: HearthClient,
  messageId: Message['id'],
  options: AskOptions,
  waiting: WaitTeller,
): Promise<ExitCode> {
  const { stdout, isJson } = options;
  let written = '';
  let source: Message['source'] = null;
  const write = (piece: string) => {
    if (isJson || piece === '') return;
    waiting.beforeWord();
    if (written === '' && source?.kind === 'demo') tell(options, demoFollows(source));
    // A file or a program gets the answer as it is.
    stdout.write(stdout.isTTY === true ? withoutControl(piece) : piece);
    written += piece;
  };
  for await (const event of await client.chat.attach({ messageId, afterSeq: 0 })) {
    switch (event.type) {
      case 'started':
        ({ source } = event);
        waiting.take(event);
        break;
      case 'queued':
      case 'loading':
      case 'reading':
        waiting.take(event);
        break;
      case 'delta':
        waiting.take(event);
        write(event.text ?? '');
        break;
      case 'relabel':
        // What stands in a terminal or a file can't be taken back.
        if (written !== '' && !written.endsWith('\n')) write('\n');
        waiting.beforeWord();
        if (written !== '') tell(options, text('cli:ask.thought'));
        written = '';
        break;
      case 'settled': {
        waiting.end();
        ({ source } = event.message);
        // A fast answer may have settled before this terminal began to follow it: then nothing else came.
        const whole = textOf(event.message);
        if (whole.startsWith(written)) write(whole.slice(written.length));
        if (written !== '' && !written.endsWith('\n')) write('\n');
        const code = report(event.message, options);
        if (!isJson) await tellNext(client, event.message, options);
        return code;
      }
      case 'snapshot':
        // Only for whoever does not ask for a replay.
        break;
    }
  }
  throw new HearthError('stream_cut', { backend: 'Hearth' });
}

/** One line for the person; names of models and words of servers stand in it. */
function tell({ stderr }: AskOptions, line: string): void {
  stderr.write(`${withoutControl(line)}\n`);
}

/** Said before the text, where a person still can stop reading; a program that reads the text is told by code and source. */
function demoFollows({ skipped: [first] }: AnswerSource): string {
  return first === undefined
    ? text('cli:ask.demoChosen')
    : text('cli:ask.demoFollows', { reason: first.reason.message.replace(/\.?$/, '.') });
}

/** After an answer that no model gave: what to type to get one. */
async function tellNext(client: HearthClient, { state, source, error }: Message, options: AskOptions): Promise<void> {
  let outlook: Outlook | null = null;
  if (state === 'failed' && error !== null) outlook = { type: 'fails', problem: error };
  else if (state === 'done' && source?.kind === 'demo') outlook = { type: 'asks', source, isAsleep: false };
  if (outlook === null) return;
  // The answer and its code stand, whatever became of Hearth since.
  const { next } = await whatNext(client, outlook).catch(() => ({ next: null }));
  const command = next ?? (outlook.type === 'asks' ? text('cli:next.doctor') : null);
  if (command !== null) tell(options, text('cli:next.line', { command }));
}

function report(answer: Message, options: AskOptions): ExitCode {
  const { isJson, stdout, signal } = options;
  const isDemo = answer.source?.kind === 'demo';
  if (isJson) stdout.write(`${JSON.stringify(asJson(answer), null, 2)}\n`);
  else if (answer.source !== null) tell(options, describeSource(answer.source) + describeSpeed(answer.usage));
  if (!isJson && answer.usage?.wasPromptCut) {
    tell(options, promptCutText(answer.usage));
  }
  const { cut } = answer.usage ?? {};
  if (!isJson && cut) tell(options, cutText(cut));
  if (answer.state !== 'done') {
    const otherwise = text(`cli:ask.${answer.state === 'stopped' ? 'stopped' : 'interrupted'}`);
    const reason = answer.error === null ? otherwise : failureText(answer.error);
    if (!isJson) tell(options, reason);
    return signal.aborted ? EXIT.interrupted : EXIT.failed;
  }
  return isDemo ? EXIT.demo : EXIT.answered;
}

function cutText({ why, limitTokens }: AnswerCut): string {
  if (why !== 'length') return text(`cli:ask.cut.${why}`);
  return limitTokens === null
    ? text('cli:ask.cut.lengthUnknown')
    : text('cli:ask.cut.length', { tokens: limitTokens.toLocaleString('en') });
}

function promptCutText({ promptTokens, contextTokens }: NonNullable<Message['usage']>): string {
  if (contextTokens !== undefined) return text('cli:ask.promptCutAt', { room: contextTokens });
  return text('cli:ask.promptCut', { tokens: promptTokens ?? 0 });
}

/** The one object of `--json`. Its fields are documented in docs/user-guide.md and only grow. */
function asJson(answer: Message) {
  const { source, usage } = answer;
  return {
    text: textOf(answer),
    state: answer.state,
    source: source && {
      kind: source.kind,
      label: source.label,
      url: source.url,
      host: source.host,
      skipped: source.skipped.map(({ label, reason }) => ({ label, code: reason.code, reason: reason.message })),
    },
    model: source?.model ?? null,
    timings: {
      loadMs: usage?.loadMs ?? null,
      firstTokenMs: usage?.firstTokenMs ?? null,
      answerMs: usage?.answerMs ?? null,
      totalMs: usage?.totalMs ?? null,
    },
    tokens: { prompt: usage?.promptTokens ?? null, answer: usage?.answerTokens ?? null },
    wasPromptCut: usage?.wasPromptCut ?? false,
    cut: usage?.cut ?? null,
    contextTokens: usage?.contextTokens ?? null,
    error: answer.error && { code: answer.error.code, message: answer.error.message, params: answer.error.params },
    conversationId: answer.conversationId,
    messageId: answer.id,
  };
}

const textOf = (message: Message) => message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
