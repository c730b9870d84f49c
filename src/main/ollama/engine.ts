// The Ollama that answers as one thing with one state: our supervised child, or somebody else's server.
import type { EngineStatus } from '../../contract/engine.ts';
import type { ErrorInfo } from '../../contract/errors.ts';
import { errorInfo, HearthError } from '../errors/index.ts';
import { OLLAMA_LABEL } from './api/failures.ts';
import { withLimit } from './api/manage-limit.ts';
import type { ActivityBoard, Engine } from './engine-interface.ts';
import { createTeller } from './engine-teller.ts';
import type { Places } from './place.ts';
import { answerLimitMs } from '../waits/index.ts';
import type { OllamaServer } from './server/interface.ts';

export interface EngineOptions {
  server: OllamaServer;
  places: Places;
  board: ActivityBoard;
  /** Whether an executable is the one of Hearth's own installation. */
  isOwnProgram: (program: string) => boolean;
  /** How long a look at another server may take. */
  lookMs: () => number;
  /** How often one that is not our child is looked at while somebody watches. Default 30 s. */
  watchMs?: number;
}

const WATCH_MS = 30_000;
const NOBODY = { host: null, version: null, pid: null, startedAtMs: null, problem: null, lastLines: [], restart: null };

export interface EngineLife extends Engine {
  /** After a change of the settings or of an installation. Ends a child of ours that nobody means any more. */
  refresh(): void;
  /** Ends what watches, and every start that is under way; the server itself is ended by the backend, after this. */
  close(): void;
}

export function createEngine(options: EngineOptions): EngineLife {
  const { server, places, board, isOwnProgram, lookMs, watchMs = WATCH_MS } = options;
  const life = new AbortController();
  let wishes = 0;
  const lastWish = { start: 0, end: 0 };
  const teller = createTeller({ status, watch, watchMs });
  const stopListening = [
    server.onChange(() => {
      endUnwanted();
      teller.now();
    }),
    places.onSight(() => teller.now()),
    board.onChange(() => {
      endUnwanted();
      teller.soon();
    }),
  ];

  function status(): EngineStatus {
    const isReady = isOurs() || other() !== null;
    const now = described();
    return {
      ...NOBODY,
      ...now,
      isOwnInstallation: now.program !== null && isOwnProgram(now.program),
      activity: isReady ? board.current() : [],
      isHeld: places.isHeld() && !isReady,
      needsRestart: isOurs() && server.needsRestart(),
      logPath: server.logPath,
    };
  }

  function described(): Pick<EngineStatus, 'owner' | 'state' | 'program'> & Partial<EngineStatus> {
    const child = server.state();
    const sight = other();
    if (child.state === 'ready' && (sight === null || isOurs())) {
      const { state, host, version, pid, startedAtMs, program } = child;
      return { owner: 'hearth', state, host, version, pid, startedAtMs, program };
    }
    if (sight !== null)
      return { owner: 'other', state: 'ready', host: sight.host, version: sight.version, program: null };
    const program = server.find();
    switch (child.state) {
      case 'ready':
      case 'starting':
      case 'stopping':
        return { owner: 'hearth', state: child.state, program };
      case 'restarting': {
        const { attempt, limit, atMs, problem, lastLines } = child;
        const restart = { attempt, limit, atMs };
        return { owner: 'hearth', state: child.state, program, restart, problem: problem.toInfo(), lastLines };
      }
      case 'failed':
        return { owner: 'none', state: 'failed', program, problem: child.problem.toInfo(), lastLines: child.lastLines };
      case 'stopped':
        return program === null
          ? { owner: 'none', state: 'absent', program, problem: whyAway() }
          : { owner: 'none', state: 'stopped', program };
      default:
        return child satisfies never;
    }
  }

  /** Somebody else's Ollama has answered here before and does not now. */
  function whyAway(): ErrorInfo | null {
    const place = placeNow();
    if (place === null || place.isOwned || !places.hasBeenSeen()) return null;
    return errorInfo('backend_unreachable', { backend: OLLAMA_LABEL, host: place.host });
  }

  /** Whether our child is what answers. */
  function isOurs(): boolean {
    return server.state().state === 'ready' && placeNow()?.isOwned === true;
  }

  /** Somebody else's server that answered at the last look at the place that is meant now. */
  function other() {
    const place = placeNow();
    const sight = places.seen();
    return place !== null && !place.isOwned && sight?.origin === place.origin ? sight : null;
  }

  function placeNow() {
    try {
      return places.now();
    } catch {
      // No server but our own is meant and it does not run, or the address can't be read: told where it is asked.
      return null;
    }
  }

  /** Looks who answers at the place that is meant. Rejects when something is there that is no Ollama. */
  async function look(signal: AbortSignal): Promise<void> {
    const place = placeNow();
    if (place === null) return;
    const ms = answerLimitMs(lookMs());
    const late = () => new HearthError('backend_no_answer', { host: place.host, seconds: ms / 1_000 });
    try {
      await withLimit(signal, { ms, late }, (limited) => places.look(place, limited));
    } catch (error) {
      if (!(error instanceof HearthError) || error.code !== 'backend_unreachable') throw error;
    }
  }

  /** While somebody watches: a server that is not our child tells nothing by itself. */
  function watch(): void {
    if (server.state().state !== 'ready' || !isOurs()) void look(life.signal).catch(() => undefined);
  }

  /**
   * A child that stands in for an address which is not meant any more, or runs another program than the one that is meant,
   * holds memory for nobody. It may end its answers; the next question starts the right one.
   */
  function endUnwanted(): void {
    const child = server.state();
    if (child.state !== 'ready' || board.current().length > 0) return;
    if (!isOurs() || child.program !== server.find()) void server.stop();
  }

  function isChildAtWork(): boolean {
    return !['stopped', 'failed'].includes(server.state().state);
  }

  async function requireOurs(): Promise<void> {
    if (isChildAtWork()) return;
    await look(life.signal).catch(() => undefined);
    if (other() !== null) throw new HearthError('engine_not_ours');
  }

  /** Whoever asked last is right, however long the looks of those before take. What comes back rejects when it is too late. */
  function wish(mine: 'start' | 'end'): () => void {
    wishes += 1;
    const number = (lastWish[mine] = wishes);
    const against = mine === 'start' ? 'end' : 'start';
    return () => {
      if (lastWish[against] > number || life.signal.aborted) throw new HearthError('cancelled');
    };
  }

  async function start(signal: AbortSignal, requireWanted = wish('start')): Promise<EngineStatus> {
    server.renew();
    places.release();
    if (!isChildAtWork()) {
      await look(signal).finally(requireWanted);
      if (other() !== null) return status();
    }
    requireHere();
    await places.start(signal);
    return status();
  }

  /** Ours stands in for nobody's computer but this one. */
  function requireHere(): void {
    if (places.isOwnOnly()) return;
    const place = places.now();
    if (place.isLocal) return;
    throw places.explain(new HearthError('backend_unreachable', { backend: OLLAMA_LABEL, host: place.host }));
  }

  async function end(how: 'stop' | 'kill'): Promise<EngineStatus> {
    const requireWanted = wish('end');
    await requireOurs();
    requireWanted();
    places.hold();
    // What a person has stopped has not failed.
    server.renew();
    await server[how]();
    teller.now();
    return status();
  }

  return {
    status,
    onChange: (listener) => teller.onChange(listener),
    start: (signal) => start(signal),
    stop: () => end('stop'),
    kill: () => end('kill'),
    async restart(signal) {
      const requireWanted = wish('start');
      await requireOurs();
      requireWanted();
      await server.stop();
      requireWanted();
      return start(signal, requireWanted);
    },
    log: async (lines) => ({ path: server.logPath, lines: await server.log(lines) }),
    followLog: (lines, signal) => server.followLog(lines, signal),
    async look(signal) {
      // Something that is no Ollama is nobody; whoever asks it is told.
      await look(signal).catch(() => signal.throwIfAborted());
      return status();
    },
    checkNow() {
      server.checkNow();
      watch();
    },
    refresh() {
      endUnwanted();
      teller.now();
    },
    close() {
      for (const stop of stopListening) stop();
      teller.close();
      life.abort();
    },
  };
}
