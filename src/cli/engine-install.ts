// `hearth engine install` and `remove`: Hearth's own Ollama, from the terminal.
import type { InstallStatus, ReleaseChoice } from '../contract/engine.ts';
import { HearthError } from '../main/errors/index.ts';
import { text } from '../main/words/index.ts';
import { sizeForPeople } from './checks/finding.ts';
import type { Connection } from './connect.ts';
import { movingText } from './describe-numbers.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { withoutControl } from './output.ts';
import { createProgressLine } from './progress-line.ts';

interface InstallOptions {
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  signal: AbortSignal;
}

export async function install(
  { client, isShared }: Connection,
  release: ReleaseChoice,
  { stderr, signal }: InstallOptions,
): Promise<ExitCode> {
  const tell = (line: string) => void stderr.write(`${withoutControl(line)}\n`);
  const { offer } = await client.install.status(undefined, { signal });
  if (offer !== null && release === 'pinned') {
    tell(text('cli:install.offer', { version: offer.version, size: sizeForPeople(offer.sizeBytes), host: offer.host }));
  }
  await client.install.start({ release }, { signal });
  const progress = createProgressLine(stderr);
  try {
    for await (const status of await client.install.watch(undefined, { signal })) {
      const ended = endOf(status);
      if (ended !== null) {
        progress.end();
        tell(ended.line);
        return ended.code;
      }
      progress.show(lineFor(status), status.state, partOf(status));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.end();
  }
  if (!signal.aborted) throw new HearthError('stream_cut', { backend: 'Hearth' });
  if (!isShared) await client.install.pause();
  tell(text(isShared ? 'cli:install.goesOn' : 'cli:install.paused'));
  return EXIT.interrupted;
}

export async function uninstall({ client }: Connection, { stderr, signal }: InstallOptions): Promise<ExitCode> {
  const { installedVersion } = await client.install.status(undefined, { signal });
  if (installedVersion === null) {
    stderr.write(`${text('cli:install.none')}\n`);
    return EXIT.answered;
  }
  await client.install.remove(undefined, { signal });
  stderr.write(`${withoutControl(text('cli:install.removed', { version: installedVersion }))}\n`);
  return EXIT.answered;
}

/** What is said at its end; null while it goes on. */
function endOf({ state, installedVersion, problem }: InstallStatus): { line: string; code: ExitCode } | null {
  switch (state) {
    case 'installed':
      return { line: text('cli:install.done', { version: installedVersion ?? '' }), code: EXIT.answered };
    case 'failed':
      return { line: problem?.message ?? text('cli:install.failed'), code: EXIT.failed };
    case 'paused':
      return { line: problem?.message ?? text('cli:install.paused'), code: EXIT.failed };
    case 'none':
      return { line: text('cli:install.discarded'), code: EXIT.failed };
    case 'looking':
    case 'downloading':
    case 'verifying':
    case 'unpacking':
    case 'testing':
      return null;
    default:
      return state satisfies never;
  }
}

function partOf({ state, receivedBytes, totalBytes, stepProgress }: InstallStatus): number | null {
  if (state !== 'downloading') return stepProgress;
  return totalBytes === null || totalBytes === 0 ? null : receivedBytes / totalBytes;
}

function lineFor(status: InstallStatus): string {
  const isMoving = status.state === 'downloading';
  const moving = movingText({
    receivedBytes: status.receivedBytes,
    totalBytes: isMoving ? status.totalBytes : null,
    progress: partOf(status),
    bytesPerSecond: isMoving ? status.bytesPerSecond : null,
    secondsLeft: isMoving ? status.secondsLeft : null,
  });
  const step = status.retryAtMs === null ? status.state : 'stalled';
  return [text(`cli:install.step.${step}`, { version: status.version ?? '' }), moving]
    .filter((part) => part !== '')
    .join('  ');
}
