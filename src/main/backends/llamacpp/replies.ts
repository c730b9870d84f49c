// The engine's replies to a question as the events of an answer, within the limits of the settings.
import type { ErrorCode, ErrorParams } from '../../../contract/errors.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { tooSmallHere } from '../context-refusal.ts';
import type { ChatEvent } from '../interface.ts';
import type { EngineTask } from './engine.ts';
import type { ModelFile } from './model-files.ts';
import type { EngineReply } from './protocol.ts';
import { createReadingTeller } from './reading.ts';

/** How sentences about errors name the engine. */
export const BACKEND = 'The built-in engine';

export interface ReplyContext {
  file: ModelFile;
  /** How long loading took just now; 0 when the model was in memory. */
  loadMs: number;
  /** When the question left the queue, on performance.now()'s clock. */
  beganAtMs: number;
  /** The context that was asked for, in tokens. */
  contextTokens: number;
  signal: AbortSignal;
  timeouts: Settings['timeouts'];
  log?: Log | undefined;
}

/** Yields what is told of the reading, thinking and text as they come, then `done`. Rejects with what the engine, the limits or the signal say. */
export async function* replies(task: EngineTask, context: ReplyContext): AsyncGenerator<ChatEvent, void> {
  const { file, loadMs, beganAtMs, signal, timeouts, log } = context;
  const sentAtMs = performance.now();
  let firstTokenMs: number | null = null;
  const tellReading = createReadingTeller(file.name, timeouts.firstTokenMs);
  const first = limit('backend_first_token_timeout', timeouts.firstTokenMs, {});
  const silence = limit('backend_silent', timeouts.silenceMs, {});
  for (;;) {
    const reply = await task.next(signal, firstTokenMs === null ? first : silence);
    switch (reply.type) {
      case 'text':
      case 'thinking':
        firstTokenMs ??= performance.now() - sentAtMs;
        yield { type: reply.type, text: reply.text };
        break;
      case 'progress':
        // A sign of life starts the limit anew: reading a long question may take longer than a first token should.
        if (firstTokenMs === null) {
          const reading = tellReading(reply, performance.now() - sentAtMs);
          if (reading !== null) yield reading;
        }
        break;
      case 'done':
        if (reply.leftOutMessages > 0) {
          log?.info('older messages did not fit into the context', { messages: reply.leftOutMessages });
        }
        yield {
          type: 'done',
          reason: reply.reason === 'stop' ? 'stop' : 'length',
          usage: {
            promptTokens: reply.promptTokens,
            answerTokens: reply.answerTokens,
            loadMs,
            firstTokenMs,
            answerMs: reply.answerMs,
            totalMs: performance.now() - beganAtMs,
            ...(reply.leftOutMessages > 0 ? { wasPromptCut: true as const, contextTokens: reply.contextTokens } : {}),
            ...(reply.reason === 'context'
              ? { cut: { why: 'context' as const, limitTokens: reply.contextTokens } }
              : {}),
          },
        };
        return;
      case 'loaded':
      case 'embedded':
      case 'aborted':
      case 'failed':
        throw toError(reply, file, context.contextTokens);
      default:
        reply satisfies never;
    }
  }
}

/** A limit on a wait, with the error that its end is. */
export function limit(code: ErrorCode, ms: number, params: ErrorParams): { ms: number; error: () => HearthError } {
  return { ms, error: () => new HearthError(code, { backend: BACKEND, seconds: ms / 1000, ...params }) };
}

/** The error that a reply stands for which is not the expected one. */
export function toError(reply: EngineReply, file: ModelFile, askedTokens: number | null = null): HearthError {
  if (reply.type === 'aborted') return new HearthError('cancelled');
  if (reply.type !== 'failed') return new HearthError('internal', {}, { detail: `engine said ${reply.type}` });
  const { code, reason, detail, room } = reply.failure;
  switch (code) {
    case 'model_file_missing':
    case 'model_file_invalid':
      return new HearthError(code, { path: file.path }, { detail });
    case 'engine_unavailable':
      return new HearthError(code, { reason }, { detail });
    case 'backend_failed':
      return new HearthError(code, { backend: BACKEND, reason }, { detail });
    case 'context_too_small':
      if (room === undefined) return new HearthError('internal', {}, { detail });
      return tooSmallHere({ model: file.name, ...room, askedTokens }, detail);
    default:
      return code satisfies never;
  }
}
