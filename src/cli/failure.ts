// What the terminal says of an error, with what to do from here where the sentence leaves that to the window.
import type { ErrorInfo } from '../contract/errors.ts';
import { toErrorInfo } from '../main/errors/index.ts';
import { text } from '../main/words/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { withoutControl } from './output.ts';
import { UsageError } from './usage.ts';

/** The window shows the same sentence as a label beside its buttons; here it comes with the command instead. */
export function failureText({ code, message }: Pick<ErrorInfo, 'code' | 'message'>): string {
  return code === 'ollama_not_installed' ? text('cli:noOllama', { problem: message }) : message;
}

/** How the program ends with any thrown value: what standard error gets, harmless for a terminal, and the exit code. */
export function failureOf(error: unknown): { lines: string; code: ExitCode } {
  if (error instanceof UsageError) {
    return { lines: `${error.message}\n${text('cli:usage.seeHelp')}\n`, code: EXIT.usage };
  }
  return { lines: `${withoutControl(sentenceOf(error))}\n`, code: EXIT.failed };
}

/** Errors of the services arrive as they are or, over the socket, with their ErrorInfo as `data`. */
function sentenceOf(error: unknown): string {
  const data = error instanceof Error && 'data' in error ? (error.data as Partial<ErrorInfo> | undefined) : undefined;
  if (data?.message !== undefined) return failureText({ code: data.code ?? 'internal', message: data.message });
  const info = toErrorInfo(error);
  return info.detail === undefined ? failureText(info) : `${failureText(info)} (${info.detail})`;
}
