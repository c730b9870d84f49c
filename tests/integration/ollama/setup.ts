// A folder with a stand-in `ollama`, servers on it, and an end that leaves no process behind.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Settings } from '../../../src/contract/settings.ts';
import { createOllamaServer, type OllamaServer, type OllamaServerOptions } from '../../../src/main/ollama/index.ts';
import { killLeft } from '../../support/processes.ts';
import { makeStandInOllama, type StandInBehaviour, standInReport } from '../../support/stand-in-ollama/index.ts';

export interface Bench {
  folder: string;
  /** A server that finds the stand-in on PATH; grace 1 s. */
  server(options?: Partial<OllamaServerOptions>): OllamaServer;
  behave(behaviour: StandInBehaviour): Promise<string>;
  /** The pids of the stand-in and its runner, seen so far; also killed at the end. */
  pids(): number[];
  end(): Promise<void>;
}

export function openBench(): Bench {
  const folder = mkdtempSync(path.join(tmpdir(), 'hearth-ollama-'));
  const servers: OllamaServer[] = [];
  const seen = new Set<number>();
  const pids = (): number[] => {
    const { server, runner } = standInReport(folder);
    seen.add(server);
    if (runner !== null) seen.add(runner);
    return [...seen];
  };
  return {
    folder,
    server(options = {}) {
      const server = createOllamaServer({
        folder: path.join(folder, 'logs'),
        pidPath: path.join(folder, 'ollama.pid'),
        env: { PATH: folder },
        settings: () => engineSettings(),
        ownProgram: () => null,
        ...options,
        limits: { stopGraceMs: 1_000, ...options.limits },
      });
      // What a test has seen has to be ended even when the report is overwritten by the next start.
      server.onChange(({ state }) => {
        if (state === 'ready') pids();
      });
      servers.push(server);
      return server;
    },
    behave: (behaviour) => makeStandInOllama(folder, behaviour),
    pids,
    async end() {
      await Promise.all(servers.map((server) => server.stop()));
      killLeft([...seen]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The defaults with some values changed. */
export function engineSettings(changed: Partial<Settings['engine']> = {}): Settings['engine'] {
  return { ...Settings.parse({}).engine, ...changed };
}

/** A signal that never aborts. */
export const forever = (): AbortSignal => new AbortController().signal;
