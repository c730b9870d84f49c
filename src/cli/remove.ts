// `hearth rm`: deletes a model, and ends when it is deleted.
import type { InstalledModel, ModelsStatus } from '../contract/models.ts';
import { HearthError } from '../main/errors/index.ts';
import { isSameModel } from '../main/ollama/index.ts';
import { text } from '../main/words/index.ts';
import { sizeForPeople } from './checks/finding.ts';
import type { HearthClient } from './connect.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { failureText } from './failure.ts';
import { installedModels, requireList } from './models.ts';
import { withoutControl } from './output.ts';

export interface RemoveOptions {
  model: string;
  isShared: boolean;
  /** Asks yes or no; null where nobody can be asked, or `--yes` was given. */
  confirm: ((question: string) => Promise<boolean>) | null;
  stderr: NodeJS.WritableStream;
  signal: AbortSignal;
  now?: () => number;
}

export async function removeModel(client: HearthClient, options: RemoveOptions): Promise<ExitCode> {
  const { confirm, stderr, signal, now = Date.now } = options;
  const tell = (line: string) => void stderr.write(`${withoutControl(line)}\n`);
  const status = await installedModels(client, options);
  const installed = requireList(status);
  const meant = installed.filter((model) => isSameModel(model.name, options.model));
  // A file of the built-in engine may have the name that Ollama's model has without its tag: as it is written counts.
  const found = meant.find((model) => model.name === options.model) ?? meant[0];
  if (found === undefined) {
    tell(notFoundText(options.model, installed));
    // It may be a model of the Ollama that could not be asked.
    if (status.problem !== null) tell(failureText(status.problem));
    return EXIT.failed;
  }
  const { name, engine, sizeBytes } = found;
  const values = { model: name, size: sizeBytes === null ? text('cli:rm.unsized') : sizeForPeople(sizeBytes) };
  if (confirm !== null && !(await confirm(withoutControl(text('cli:rm.ask', values))))) {
    tell(text('cli:rm.kept', values));
    return signal.aborted ? EXIT.interrupted : EXIT.failed;
  }
  await client.models.remove({ name, engine });
  // Hearth gives a moment to take it back: Ctrl C does.
  tell(text('cli:rm.waiting', values));
  const ended = await afterRemoval(client, found, { signal, now });
  if (signal.aborted || ended === null) {
    const undone = await client.models.undoRemove({ name, engine });
    const isKept = isListed(undone, found) && !undone.removing.some((one) => isOne(one, found));
    tell(text(isKept ? 'cli:rm.kept' : 'cli:rm.tooLate', values));
    return EXIT.interrupted;
  }
  if (isListed(ended.after, found)) {
    const { problem, isTakenBack } = ended;
    if (isTakenBack || problem === null) tell(text(isTakenBack ? 'cli:rm.takenBack' : 'cli:rm.failed', values));
    else tell(failureText(problem));
    return EXIT.failed;
  }
  tell(text(sizeBytes === null ? 'cli:rm.doneUnsized' : 'cli:rm.done', values));
  return EXIT.answered;
}

interface Ended {
  /** The list as it is then. */
  after: ModelsStatus;
  /** Why it did not happen, where that is known. */
  problem: ModelsStatus['problem'];
  /** It ended before its time: somebody wants the model. */
  isTakenBack: boolean;
}

/** Resolves once the deletion has happened, was taken back elsewhere or has failed; null when the signal aborts before. */
async function afterRemoval(
  client: HearthClient,
  model: InstalledModel,
  { signal, now }: { signal: AbortSignal; now: () => number },
): Promise<Ended | null> {
  let untilMs = -Infinity;
  try {
    for await (const { removing, problem } of await client.models.watch(undefined, { signal })) {
      const mine = removing.find((one) => isOne(one, model));
      if (mine === undefined) {
        const isTakenBack = now() < untilMs;
        const after = await client.models.refresh(undefined, { signal });
        return { after, problem: after.problem ?? problem, isTakenBack };
      }
      untilMs = mine.untilMs;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) return null;
  throw new HearthError('stream_cut', { backend: 'Hearth' });
}

const isOne = (a: Pick<InstalledModel, 'name' | 'engine'>, b: InstalledModel) =>
  a.engine === b.engine && isSameModel(a.name, b.name);

const isListed = ({ installed }: ModelsStatus, model: InstalledModel) =>
  installed?.some((one) => isOne(one, model)) ?? true;

function notFoundText(model: string, installed: InstalledModel[]): string {
  const names = installed.map(({ name }) => name).join(', ');
  return text(names === '' ? 'cli:rm.noModels' : 'cli:rm.notFound', { model, installed: names });
}
