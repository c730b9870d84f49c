// Pulls that are played, not replayed: files that arrive bit by bit, stay when a pull is cancelled, and a registry that can go away.
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PullBehaviour {
  /** In the order in which they are fetched. One without records was finished within 60 ms. */
  layers: { digest: string; bytes: number; hasNoRecords?: boolean }[];
  /** How much arrives from one record to the next. */
  bytesPerRecord: number;
  /** The real one says something every 60 ms. Default 1. */
  recordMs?: number;
  /** Down: no manifest any more, and files that are under way repeat the same count. Default up. */
  registry?: 'up' | 'down';
  /** Nothing arrives beyond this many bytes of all files; the records repeat. */
  stopAtBytes?: number | null;
  /** The pull stays at this step. */
  holdAt?: 'manifest' | 'verifying' | 'writing' | null;
  /** Ends a pull with this error line when so many bytes are here (0: instead of the manifest). */
  error?: { text: string; atBytes: number } | null;
  /** Names that the registry does not have. */
  unknown?: string[];
}

/** What is here of each file, by digest: outlives a pull, and the server when it is handed to the next one. */
export type Partials = Map<string, number>;

export interface PullCall {
  model: string;
  /** The behaviour of this moment: tests change it while a pull runs. */
  current: () => PullBehaviour;
  partials: Partials;
  /** Aborts when the client has gone. */
  signal: AbortSignal;
}

/** Plays one pull into the response. Resolves with whether the model is here now. */
export async function playPull(
  response: ServerResponse,
  { model, current, partials, signal }: PullCall,
): Promise<boolean> {
  const say = (record: object) => response.write(`${JSON.stringify(record)}\n`);
  const pause = () => sleep(current().recordMs ?? 1, undefined, { signal });
  const fail = (error: string) => {
    response.end(`${JSON.stringify({ error })}\n`);
    return false;
  };
  const hold = async (step: NonNullable<PullBehaviour['holdAt']>) => {
    while (current().holdAt === step) await pause();
  };
  const failure = () => {
    const { error } = current();
    const here = current().layers.reduce((sum, { digest }) => sum + (partials.get(digest) ?? 0), 0);
    return error && here >= error.atBytes ? error.text : null;
  };

  response.setHeader('Content-Type', 'application/x-ndjson');
  say({ status: 'pulling manifest' });
  await hold('manifest');
  const { layers, unknown = [] } = current();
  if (current().registry === 'down') {
    const at = `http://127.0.0.1:5002/v2/library/${model}/manifests/latest`;
    return fail(`pull model manifest: Get "${at}": dial tcp 127.0.0.1:5002: connect: connection refused`);
  }
  if (unknown.includes(model)) return fail('pull model manifest: file does not exist');
  for (const { digest, bytes, hasNoRecords = false } of layers) {
    const record = () => ({
      status: `pulling ${digest.slice(7, 19)}`,
      digest,
      total: bytes,
      completed: partials.get(digest) ?? 0,
    });
    if (hasNoRecords) partials.set(digest, bytes);
    else say(record());
    while ((partials.get(digest) ?? 0) < bytes) {
      await pause();
      const ended = failure();
      if (ended !== null) return fail(ended);
      partials.set(digest, Math.min(bytes, (partials.get(digest) ?? 0) + room(current(), partials)));
      say(record());
    }
    const ended = failure();
    if (ended !== null) return fail(ended);
  }
  say({ status: 'verifying sha256 digest' });
  await hold('verifying');
  say({ status: 'writing manifest' });
  await hold('writing');
  response.end(`${JSON.stringify({ status: 'success' })}\n`);
  return true;
}

/** How much may arrive now. */
function room({ bytesPerRecord, registry, stopAtBytes, layers }: PullBehaviour, partials: Partials): number {
  if (registry === 'down') return 0;
  const here = layers.reduce((sum, { digest }) => sum + (partials.get(digest) ?? 0), 0);
  return Math.max(0, Math.min(bytesPerRecord, (stopAtBytes ?? Infinity) - here));
}
