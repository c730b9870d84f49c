// `hearth engine`: steers the Ollama of the running Hearth, or runs one as long as this terminal does.
import type { EngineLog, EngineStatus } from '../contract/engine.ts';
import { HearthError } from '../main/errors/index.ts';
import { text } from '../main/words/index.ts';
import type { EngineAction } from './arguments-engine.ts';
import type { Connection } from './connect.ts';
import { engineLines } from './describe-engine.ts';
import { install, uninstall } from './engine-install.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { withoutControl } from './output.ts';

/** The ways to an engine, from the most to the least that has to run for it. */
export interface EngineDoors {
  /** The running Hearth, or services of this process. */
  connect(): Promise<Connection>;
  /** The running Hearth; null when there is none. */
  join(): Promise<Connection | null>;
  /** What can be known without a running Hearth. */
  look(): Promise<EngineStatus>;
  readLog(lines: number): Promise<EngineLog>;
}

export interface EngineOptions {
  doors: EngineDoors;
  stdout: NodeJS.WritableStream & { isTTY?: boolean };
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  signal: AbortSignal;
}

export async function engine(what: EngineAction, options: EngineOptions): Promise<ExitCode> {
  switch (what.action) {
    case 'status':
      return status(what.isJson, options);
    case 'logs':
      return logs(what, options);
    case 'stop':
    case 'kill':
    case 'restart':
      return steer(what.action, options);
    case 'start':
      return withConnection(options, (connection) => start(connection, options));
    case 'install':
      return withConnection(options, (connection) => install(connection, what.release, options));
    case 'remove':
      return withConnection(options, (connection) => uninstall(connection, options));
    default:
      return what satisfies never;
  }
}

async function status(isJson: boolean, { doors, stdout, signal }: EngineOptions): Promise<ExitCode> {
  const joined = await doors.join();
  const found = joined === null ? await doors.look() : await joined.client.engine.status(undefined, { signal });
  await joined?.close();
  stdout.write(isJson ? `${JSON.stringify(found, null, 2)}\n` : withoutControl(`${engineLines(found).join('\n')}\n`));
  return EXIT.answered;
}

async function logs(
  { lines, isFollowing }: Extract<EngineAction, { action: 'logs' }>,
  { doors, stdout, stderr, signal }: EngineOptions,
): Promise<ExitCode> {
  const tell = (line: string) => void stderr.write(`${line}\n`);
  const why = ({ owner }: EngineStatus) => text(`cli:engine.${owner === 'other' ? 'logElsewhere' : 'logEmpty'}`);
  let hasLines = lines === 0;
  // A file or a program gets the lines as they are.
  const write = (found: readonly string[]) => {
    hasLines ||= found.length > 0;
    const whole = found.map((line) => `${line}\n`).join('');
    stdout.write(stdout.isTTY === true ? withoutControl(whole) : whole);
  };
  const joined = await doors.join();
  if (joined === null) {
    write((await doors.readLog(lines)).lines);
    if (!hasLines) tell(why(await doors.look()));
    if (isFollowing) tell(text('cli:engine.nothingToFollow'));
    return EXIT.answered;
  }
  try {
    if (!isFollowing) {
      write((await joined.client.engine.log({ lines }, { signal })).lines);
      if (!hasLines) tell(why(await joined.client.engine.status(undefined, { signal })));
      return EXIT.answered;
    }
    let isFirst = true;
    for await (const batch of await joined.client.engine.followLog({ lines }, { signal })) {
      write(batch.lines);
      if (isFirst && !hasLines) tell(why(await joined.client.engine.status(undefined, { signal })));
      isFirst = false;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await joined.close();
  }
  return signal.aborted ? EXIT.interrupted : EXIT.answered;
}

/** Only a running Hearth has an engine to stop: what it had started ended with it. */
async function steer(action: 'stop' | 'kill' | 'restart', options: EngineOptions): Promise<ExitCode> {
  const { doors, stderr, signal } = options;
  const joined = await doors.join();
  if (joined === null) {
    stderr.write(`${text('cli:engine.nothingRuns')}\n`);
    return action === 'restart' ? EXIT.failed : EXIT.answered;
  }
  try {
    tellStatus(await joined.client.engine[action](undefined, { signal }), options);
    return EXIT.answered;
  } finally {
    await joined.close();
  }
}

async function start({ client, isShared }: Connection, options: EngineOptions): Promise<ExitCode> {
  const { stderr, signal } = options;
  const started = await client.engine.start(undefined, { signal });
  tellStatus(started, options);
  if (isShared || started.owner !== 'hearth') return EXIT.answered;
  stderr.write(`${text('cli:engine.asLongAsThis')}\n`);
  let last = started;
  try {
    for await (const now of await client.engine.watch(undefined, { signal })) {
      // A restart may be over before anything of it is told: then only the process is another one.
      if (now.state !== last.state || now.pid !== last.pid) tellStatus(now, options);
      last = now;
      if (now.state === 'failed') return EXIT.failed;
      // Without `isHeld` it is between two processes: a restart from another terminal.
      if (now.state === 'stopped' && now.isHeld) return EXIT.answered;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  // Ctrl C is how this is meant to end.
  return EXIT.answered;
}

function tellStatus(found: EngineStatus, { stderr }: EngineOptions): void {
  stderr.write(withoutControl(`${engineLines(found).join('\n')}\n`));
}

async function withConnection(
  { doors, stderr, signal }: EngineOptions,
  use: (connection: Connection) => Promise<ExitCode>,
): Promise<ExitCode> {
  const connection = await doors.connect();
  try {
    return await use(connection);
  } catch (error) {
    if (signal.aborted && !(error instanceof HearthError && error.code !== 'cancelled')) return EXIT.interrupted;
    throw error;
  } finally {
    await connection.close({ signal, onWait: () => stderr.write(`${text('cli:ask.othersWork')}\n`) });
  }
}
