// The contract as a window calls it: oRPC over a port that the preload hands to main.
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { ErrorInfo } from '../../contract/errors.ts';
import type { Contract } from '../../contract/index.ts';
import { i18n } from './i18n.ts';

export type HearthClient = ContractRouterClient<Contract>;

/** What the preload listens for: it forwards the message's port to main. */
export const PORT_MESSAGE = 'hearth-port';

let client: HearthClient | null = null;

/** The client; connects with the first call, and anew after the port has died. Ask for it at every call. */
export function getClient(): HearthClient {
  client ??= connect();
  return client;
}

/** Puts another client in place, for tests; null goes back to the port. */
export function setClient(replacement: HearthClient | null): void {
  client = replacement;
}

/** Any thrown value as an ErrorInfo: main's own sentence where there is one, else a plain one with the details for the log. */
export function asErrorInfo(error: unknown): ErrorInfo {
  if (error instanceof ORPCError && error.code === 'HEARTH' && isErrorInfo(error.data)) return error.data;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return { code: 'bad_request', message: i18n.t('app:error.badRequest'), params: {}, detail };
  }
  return { code: 'internal', message: i18n.t('app:error.internal'), params: {}, detail };
}

function isErrorInfo(data: unknown): data is ErrorInfo {
  return typeof data === 'object' && data !== null && 'code' in data && 'message' in data;
}

function connect(): HearthClient {
  const channel = new MessageChannel();
  const made: HearthClient = createORPCClient(new RPCLink({ port: channel.port1 }));
  // Electron's own addition to ports: the other end is gone.
  channel.port1.addEventListener('close', () => {
    if (client === made) client = null;
  });
  channel.port1.start();
  window.postMessage({ type: PORT_MESSAGE }, window.location.origin, [channel.port2]);
  return made;
}
