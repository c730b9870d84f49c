// The `hearth` command: reads what was typed, runs one command, ends with its exit code.
import manifest from '../../package.json' with { type: 'json' };
import { nameCommandsWithNpx, text } from '../main/words/index.ts';
import { type Command, parseCommand } from './arguments.ts';
import type { EngineAction } from './arguments-engine.ts';
import { ask } from './ask.ts';
import { backend } from './backend.ts';
import { askYes } from './ask-yes.ts';
import { connect, type Connection, joinRunning, withoutHistory } from './connect.ts';
import { doctor } from './doctor.ts';
import { engine } from './engine.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { models } from './models.ts';
import { flushed, withoutControl } from './output.ts';
import { pull } from './pull.ts';
import { removeModel } from './remove.ts';
import { readKey, readQuestion } from './standard-input.ts';
import { UsageError } from './usage.ts';

// What npm sets for `npx`; the words of this program are typed the same way again.
if (process.env['npm_command'] === 'exec') nameCommandsWithNpx();

const interrupt = new AbortController();
/** Only what has begun has something to end in order. */
let isAtWork = false;
/** `atomically`, which writes the settings, sends the first signal to this process once more, within milliseconds. */
const ECHO_MS = 300;
let interruptedAtMs = Infinity;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Who presses again does not want to wait. Nothing is left behind: the kernel ends what this process holds.
    if (!isAtWork || performance.now() - interruptedAtMs > ECHO_MS) process.exit(EXIT.interrupted);
    if (interruptedAtMs === Infinity) interruptedAtMs = performance.now();
    interrupt.abort();
  });
}
// `hearth ask … | head -1`: the reader has gone, so the answer may end too.
process.stdout.on('error', () => interrupt.abort());
// Without anybody who reads what is said beside the answer, the answer still counts.
process.stderr.on('error', () => {});

process.exitCode = await main(process.argv.slice(2)).catch(report);
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
// A worker or a socket that did not close in time must not hold the terminal.
process.exit();

async function main(argv: string[]): Promise<ExitCode> {
  const command = parseCommand(argv);
  switch (command.name) {
    case 'help':
      process.stdout.write(`${text(`cli:help.${command.topic}`)}\n`);
      return EXIT.answered;
    case 'version':
      process.stdout.write(`hearth ${manifest.version}\n`);
      return EXIT.answered;
    case 'doctor':
      return doctor({
        isJson: command.isJson,
        version: manifest.version,
        connect: openTold,
        stdout: process.stdout,
      });
    case 'ask':
      return runAsk(command);
    case 'models':
      return withHearth(({ client, isShared }) => models(client, { ...command, isShared, ...streams() }));
    case 'pull':
      return withHearth(({ client, isShared }) => pull(client, { ...command, isShared, ...streams() }));
    case 'rm':
      return withHearth(({ client, isShared }) => {
        const isAsked = !command.isSure && process.stdin.isTTY && process.stderr.isTTY;
        const confirm = isAsked ? (question: string) => askYes(question, terminal()) : null;
        return removeModel(client, { model: command.model, isShared, confirm, ...streams() });
      });
    case 'backend':
      return withHearth((connection) =>
        backend(connection, command.what, { readKey: () => readKey(process.stdin), cwd: process.cwd(), ...streams() }),
      );
    case 'engine':
      return runEngine(command.what);
    default:
      return command satisfies never;
  }
}

async function runAsk(command: Extract<Command, { name: 'ask' }>): Promise<ExitCode> {
  const question = command.question ?? (await readQuestion(process.stdin));
  if (question.trim() === '') throw new UsageError(text('cli:usage.noQuestion'));
  return withHearth(({ client }) => ask(client, { ...command, question, cwd: process.cwd(), ...streams() }));
}

async function runEngine(what: EngineAction): Promise<ExitCode> {
  isAtWork = true;
  const { version } = manifest;
  const doors = {
    connect: () => connect({ version }),
    join: joinRunning,
    look: () => withoutHistory(version, (services) => services.engine.look(interrupt.signal)),
    readLog: (lines: number) => withoutHistory(version, (services) => services.engine.log(lines)),
  };
  return engine(what, { doors, ...streams() });
}

/** With the running Hearth, or with services of this process as long as the command takes. */
async function withHearth(run: (connection: Connection) => Promise<ExitCode>): Promise<ExitCode> {
  const connection = await openTold();
  isAtWork = true;
  const { signal } = interrupt;
  try {
    return await run(connection);
  } catch (error) {
    // What was still asked for when Ctrl C came failed because of it.
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    await connection.close({ signal, onWait: () => process.stderr.write(`${text('cli:ask.othersWork')}\n`) });
  }
}

// Declared, not assigned: the program above runs before this line is reached.
function streams() {
  return { stdout: process.stdout, stderr: process.stderr, signal: interrupt.signal };
}

function terminal() {
  const onInterrupt = () => interrupt.abort();
  return { input: process.stdin, output: process.stderr, onInterrupt, signal: interrupt.signal };
}

/** Tells what a window would show: a settings file that was put aside is told only once. */
async function openTold(): Promise<Connection> {
  const connection = await connect({ version: manifest.version });
  if (connection.isShared) return connection;
  const { notices } = await connection.client.app.status();
  for (const { info } of notices) process.stderr.write(`${withoutControl(info.message)}\n`);
  return connection;
}

function report(error: unknown): ExitCode {
  const { lines, code } = failureOf(error, process.argv[2]);
  process.stderr.write(lines);
  return code;
}
