// What every procedure shares: who calls, what only the desktop can do, and errors as the contract defines them.
import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../contract/index.ts';
import type { Log } from '../diagnostics/index.ts';
import { toErrorInfo } from '../errors/index.ts';

/** Who calls, as the transport knows it; never taken from the input. */
export interface CallContext {
  client: 'window' | 'cli';
}

/** What only the desktop can do. */
export interface DesktopActions {
  openDataFolder(): Promise<void>;
  /** Shows a file in the system's file manager. */
  showFile(path: string): Promise<void>;
  /** Null when the user chose none. */
  pickFile(): Promise<string | null>;
  pickFolder(): Promise<string | null>;
}

/** The contract, ready to be served. */
export const implementer = (log: Log) =>
  implement(contract)
    .$context<CallContext>()
    .use(async ({ next }) => {
      try {
        return await next();
      } catch (error) {
        throw asDefinedError(error, log);
      }
    });
export type Implementer = ReturnType<typeof implementer>;

/** For a transport that gives no signal. */
export const never = () => new AbortController().signal;

/**
 * oRPC's own errors (bad input, aborted calls) pass; everything else becomes the contract's one defined error. What is not an
 * error of ours goes into the log, to which its sentence leads.
 */
export function asDefinedError(error: unknown, log: Log): unknown {
  if (error instanceof ORPCError) return error;
  const info = toErrorInfo(error);
  if (info.code === 'internal') log.error('A call failed', { error });
  return new ORPCError('HEARTH', { defined: true, message: info.message, data: info });
}
