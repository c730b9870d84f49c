// What the terminal says of an error, with what to do from here where the sentence leaves that to the window.
import type { ErrorInfo } from '../contract/errors.ts';
import { toErrorInfo } from '../main/errors/index.ts';
import { text } from '../main/words/index.ts';
import { helpTopic } from './arguments.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { withoutControl } from './output.ts';
import { UsageError } from './usage.ts';

/** The window shows these sentences beside its buttons; here they come with the commands that do the same. */
export function failureText({ code, message }: Pick<ErrorInfo, 'code' | 'message'>): string {
  if (code === 'ollama_not_installed') return text('cli:noOllama', { problem: message });
  if (code === 'ollama_start_failed') return text('cli:startFailed', { problem: message });
  return message;
}

/**
 * How the program ends with any thrown value: what standard error gets, harmless for a terminal, and the exit code.
 * @param command the word after `hearth`
 */
export function failureOf(error: unknown, command: string | undefined): { lines: string; code: ExitCode } {
  if (error instanceof UsageError) return { lines: linesOf(error.message, seeHelp(command)), code: EXIT.usage };
  const { code, message, detail } = infoOf(error);
  const sentence = failureText({ code, message });
  // What was typed is wrong, although only the services could tell.
  if (code === 'model_name_invalid') return { lines: linesOf(sentence, seeHelp(command)), code: EXIT.usage };
  return { lines: linesOf(detail === undefined ? sentence : `${sentence} (${detail})`), code: EXIT.failed };
}

/** What failed, by its code. */
export const codeOf = (error: unknown): ErrorInfo['code'] => infoOf(error).code;

/** Errors of the services arrive as they are or, over the socket, with their ErrorInfo as `data`. */
function infoOf(error: unknown): Pick<ErrorInfo, 'code' | 'message' | 'detail'> {
  const data = error instanceof Error && 'data' in error ? (error.data as Partial<ErrorInfo> | undefined) : undefined;
  return data?.message === undefined ? toErrorInfo(error) : { code: data.code ?? 'internal', message: data.message };
}

function seeHelp(command: string | undefined): string {
  const topic = helpTopic(command);
  return topic === 'hearth' ? text('cli:usage.seeHelp') : text('cli:usage.seeHelpOf', { command: topic });
}

const linesOf = (...lines: string[]) => lines.map((line) => `${withoutControl(line)}\n`).join('');
