// Backends behind a URL for tests, over the scripted servers.
import { createRemoteBackend } from '../../../src/main/backends/remote/remote.ts';
import { parseBackendUrl } from '../../../src/main/backends/url/url.ts';
import type { Access, Backend, RemoteOptions } from '../../../src/main/backends/interface.ts';
import { Settings } from '../../../src/contract/settings.ts';
import { type ScriptedOpenAi, startScriptedOpenAi } from '../../support/scripted-openai.ts';
import { type ScriptedQuery, startScriptedQuery } from '../../support/scripted-query.ts';
import { atEnd } from './setup.ts';

export async function openAi(options: Parameters<typeof startScriptedOpenAi>[0] = {}): Promise<ScriptedOpenAi> {
  const server = await startScriptedOpenAi(options);
  atEnd(() => server.close());
  return server;
}

export async function query(options: Parameters<typeof startScriptedQuery>[0] = {}): Promise<ScriptedQuery> {
  const server = await startScriptedQuery(options);
  atEnd(() => server.close());
  return server;
}

/** @param url as a person writes it */
export function backendAt(
  url: string,
  timeouts: Partial<Settings['timeouts']> = {},
  options: Partial<RemoteOptions> & Partial<Access> = {},
): Backend {
  const { key = null, headers = {}, ...rest } = options;
  const backend = createRemoteBackend(
    parseBackendUrl(url),
    {
      id: 'b1',
      label: 'Workstation',
      access: () => Promise.resolve({ key, headers }),
      timeouts: () => ({ ...Settings.parse({}).timeouts, ...timeouts }),
      ...rest,
    },
    () => Settings.parse({}).engine,
  );
  atEnd(() => backend.stop?.());
  return backend;
}

/** Everything that an error shows or is logged with. */
export function allOf(error: unknown): string {
  const { message, params, detail, stack, cause } = error as Error & { params?: unknown; detail?: unknown };
  const own = `${message} ${JSON.stringify(params)} ${String(detail)} ${String(stack)}`;
  return cause === undefined ? own : `${own} ${allOf(cause)}`;
}
