// The way to Hearth's services: over the local socket when a Hearth runs, else in this process.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import type { BackendsStatus } from '../contract/backends.ts';
import type { Contract } from '../contract/index.ts';
import { createFetch } from '../main/diagnostics/index.ts';
import { HearthError } from '../main/errors/index.ts';
import { createRouter, type LocalSocket, RPC_PREFIX, serveLocalSocket } from '../main/ipc/index.ts';
import { builtPrograms, type Programs } from '../main/programs.ts';
import { createServices, type Services } from '../main/services.ts';
import { dataFolder, prepareSocketFolder, socketPath } from '../main/settings/index.ts';
import { text } from '../main/words/index.ts';

export type HearthClient = ContractRouterClient<Contract>;

export interface Connection {
  client: HearthClient;
  /** Whether another process (the app, or another terminal) does the work. */
  isShared: boolean;
  folder: string;
  /**
   * Ends what this process started, once no other terminal works here any more; the signal ends that wait, and `onWait` is
   * told of it. Idempotent.
   */
  close(wait?: { signal: AbortSignal; onWait: () => void }): Promise<void>;
}

/** How long a terminal tries while a Hearth holds the history but does not answer yet (it is starting or ending). */
const JOIN_LIMIT_MS = 15_000;
const JOIN_EVERY_MS = 100;
/** A Hearth that listens but does not answer (it hangs) is taken for none; its lock tells that it is there. */
const ANSWER_LIMIT_MS = 5_000;

/**
 * Joins the running Hearth, or starts the services here.
 * @throws HearthError why the history can't be opened
 */
export async function connect({ version, programs }: { version: string; programs?: Programs }): Promise<Connection> {
  const folder = dataFolder(process.env, process.platform);
  const socket = socketPath(folder, process.platform, process.env);
  const deadline = Date.now() + JOIN_LIMIT_MS;
  for (;;) {
    const joined = await join(socket, folder);
    if (joined !== null) return joined;
    try {
      return await startHere({ folder, socket, version, programs: programs ?? programsHere() });
    } catch (error) {
      const isInUse = error instanceof HearthError && error.code === 'storage_in_use';
      if (!isInUse || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, JOIN_EVERY_MS));
    }
  }
}

/** The Hearth that runs, the app or another terminal; null when there is none. */
export function joinRunning(): Promise<Connection | null> {
  const folder = dataFolder(process.env, process.platform);
  return join(socketPath(folder, process.platform, process.env), folder);
}

/** The client of a Hearth that listens, null when none does. */
async function join(socket: string, folder: string): Promise<Connection | null> {
  const fetch = createFetch({ purpose: 'local socket', socketPath: socket });
  const link = new RPCLink({ url: `http://localhost${RPC_PREFIX}`, fetch });
  const client: HearthClient = createORPCClient(link);
  try {
    await client.app.status(undefined, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  } catch {
    fetch.close();
    return null;
  }
  return { client, isShared: true, folder, close: async () => fetch.close() };
}

async function startHere(options: {
  folder: string;
  socket: string;
  version: string;
  programs: Programs;
}): Promise<Connection> {
  const services = await createServices({
    folder: options.folder,
    env: process.env,
    programs: options.programs,
    version: options.version,
    retryInUseMs: null,
    resumesDownloads: false,
  });
  try {
    await services.start();
  } catch (error) {
    await services.stop();
    throw error;
  }
  const desktopOnly = () => Promise.reject(new HearthError('bad_request', { what: text('cli:desktopOnly') }));
  const router = createRouter(services, {
    openDataFolder: desktopOnly,
    showFile: desktopOnly,
    pickFile: desktopOnly,
    pickFolder: desktopOnly,
  });
  // While this terminal works, others join its queue.
  let server: LocalSocket | null = null;
  try {
    prepareSocketFolder(options.socket, options.folder);
    server = await serveLocalSocket(router, options.socket, (error) =>
      services.log.error('The local socket failed', { error }),
    );
  } catch (error) {
    // Others wait until this one has ended, then.
    services.log.error('Other terminals cannot join', { error });
  }
  return {
    client: createRouterClient(router, { context: { client: 'cli' } }),
    isShared: false,
    folder: options.folder,
    async close(wait) {
      // Answers of terminals that joined are written here: they would be cut.
      if (server !== null && server.connected() > 0 && wait?.signal.aborted === false) wait.onWait();
      await server?.idle(wait?.signal);
      server?.refuse();
      await services.stop();
      await server?.stop();
    },
  };
}

/** Services without a history, for what needs none; nothing is started but what `use` starts. */
export async function withoutHistory<T>(version: string, use: (services: Services) => Promise<T>): Promise<T> {
  const folder = dataFolder(process.env, process.platform);
  const services = await createServices({
    folder,
    env: process.env,
    programs: programsHere(),
    version,
    retryInUseMs: null,
    resumesDownloads: false,
  });
  try {
    return await use(services);
  } finally {
    await services.stop();
  }
}

/** The engines' state without a history: for the doctor, when the history can't be opened. */
export const engineStatus = (version: string): Promise<BackendsStatus> =>
  withoutHistory(version, (services) => services.backends.check());

/** The programs beside this one: the terminal program is built into the same folder as main. */
export const programsHere = () => builtPrograms(path.dirname(fileURLToPath(import.meta.url)));
