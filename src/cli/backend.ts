// `hearth backend`: the list of backends, and what can be done with it.
import type { BackendStatus, BackendsStatus } from '../contract/backends.ts';
import { absoluteBackendUrl } from '../main/backends/index.ts';
import { text } from '../main/words/index.ts';
import type { BackendAction } from './arguments-backend.ts';
import type { Connection } from './connect.ts';
import { backendsText, environmentLines, oneLine, probeLines } from './describe-backends.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { failureText } from './failure.ts';
import { withoutControl } from './output.ts';
import { UsageError } from './usage.ts';

export interface BackendOptions {
  /** Reads the key of `--key-stdin`. */
  readKey: () => Promise<string>;
  /** Relative model files are relative to here. */
  cwd: string;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  signal: AbortSignal;
}

/** Rejects with what the services reject with, and with UsageError for a backend that is not in the list. */
export async function backend(
  { client, isShared }: Pick<Connection, 'client' | 'isShared'>,
  what: BackendAction,
  options: BackendOptions,
): Promise<ExitCode> {
  const { stdout, stderr, signal, cwd } = options;
  const write = (lines: string) => void stdout.write(withoutControl(lines));
  const tell = (line: string) => void stderr.write(`${withoutControl(line)}\n`);
  const writeJson = (value: unknown) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  const status = () => client.backends.status(undefined, { signal });

  async function list(found: BackendsStatus, isJson: boolean): Promise<void> {
    if (isJson) return writeJson(found);
    write(backendsText(found));
    for (const line of environmentLines(found.environment)) tell(line);
  }

  /** A key stands in no argument: others on this computer could read it there. */
  async function readKey(): Promise<string> {
    const key = (await options.readKey()).trim();
    if (key === '') throw new UsageError(text('cli:usage.noKey'));
    return key;
  }

  const keyOf = async (hasKey: boolean): Promise<{ key?: string }> => (hasKey ? { key: await readKey() } : {});

  switch (what.action) {
    case 'list':
      // The running Hearth looks by itself; one that has just begun knows nothing yet.
      await list(isShared ? await status() : await client.backends.check(undefined, { signal }), what.isJson);
      return EXIT.answered;
    case 'check': {
      const found = await client.backends.check(undefined, { signal });
      if (what.id === null) {
        await list(found, what.isJson);
        return EXIT.answered;
      }
      const one = named(found, what.id);
      if (what.isJson) writeJson(one);
      else write(`${oneLine(one)}\n`);
      if (one.problem !== null && !what.isJson) tell(failureText(one.problem));
      return isFit(one) ? EXIT.answered : EXIT.failed;
    }
    case 'add': {
      const before = new Set((await status()).backends.map(({ id }) => id));
      const name = what.name === null ? {} : { name: what.name };
      const url = absoluteBackendUrl(what.url, cwd);
      const after = await client.backends.add({ url, ...name, ...(await keyOf(what.hasKey)) }, { signal });
      const added = after.backends.find(({ id }) => !before.has(id));
      if (added === undefined) return EXIT.answered;
      write(`${text('cli:backend.added', { name: added.label, id: added.id, url: added.url })}\n`);
      // It may be switched on later; but who has mistyped its address wants to know.
      const { problem } = named(await client.backends.check(undefined, { signal }), added.id);
      if (problem !== null) tell(failureText(problem));
      return EXIT.answered;
    }
    case 'remove': {
      const { id, label, origin } = named(await status(), what.id);
      if (origin !== 'added') throw new UsageError(text(`cli:backend.stays.${origin}`, { name: label, id }));
      await client.backends.remove({ id }, { signal });
      write(`${text('cli:backend.removed', { name: label })}\n`);
      return EXIT.answered;
    }
    case 'on':
    case 'off': {
      const { id } = named(await status(), what.id);
      const after = await client.backends.setOn({ id, isOn: what.action === 'on' }, { signal });
      const { label } = named(after, id);
      write(`${text(`cli:backend.switched.${what.action}`, { name: label })}\n`);
      return EXIT.answered;
    }
    case 'key': {
      const { id, label, origin } = named(await status(), what.id);
      if (origin !== 'added') throw new UsageError(text('cli:backend.keyElsewhere', { name: label }));
      await client.backends.edit({ id, key: await readKey() }, { signal });
      const one = named(await client.backends.check(undefined, { signal }), id);
      write(`${oneLine(one)}\n`);
      if (one.problem !== null) tell(failureText(one.problem));
      return isFit(one) ? EXIT.answered : EXIT.failed;
    }
    case 'test': {
      const url = absoluteBackendUrl(what.url, cwd);
      const found = await client.backends.probe({ url, ...(await keyOf(what.hasKey)) }, { signal });
      if (what.isJson) writeJson(found);
      else write(probeLines(found).join(''));
      if (found.problem !== null && !what.isJson) tell(failureText(found.problem));
      return found.problem === null ? EXIT.answered : EXIT.failed;
    }
    default:
      return what satisfies never;
  }
}

/** By its id, or else by its name as the list shows it. */
function named({ backends }: BackendsStatus, word: string): BackendStatus {
  const wanted = word.toLowerCase();
  const byName = backends.filter(({ label }) => label.toLowerCase() === wanted);
  const found = backends.find(({ id }) => id === wanted) ?? (byName.length === 1 ? byName[0] : undefined);
  if (found) return found;
  const ids = (byName.length > 1 ? byName : backends).map(({ id }) => id).join(', ');
  throw new UsageError(text(`cli:backend.${byName.length > 1 ? 'ambiguous' : 'unknown'}`, { word, ids }));
}

/** Whether it would take a question; one that sleeps starts when it is asked. */
function isFit({ state }: BackendStatus): boolean {
  return state === 'ready' || state === 'asleep' || state === 'starting';
}
