// `hearth rm`: deletes a model, and ends when it is deleted.
import type { InstalledModel, ModelsStatus } from '../contract/models.ts';
import { HearthError } from '../main/errors/index.ts';
import { isSameModel } from '../main/ollama/index.ts';
import { text } from '../main/words/index.ts';
import { sizeForPeople } from './checks/finding.ts';
import type { HearthClient } from './connect.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { installedModels, requireList } from './models.ts';
import { withoutControl } from './output.ts';

export interface RemoveOptions {
  model: string;
  isShared: boolean;
  /** Asks yes or no; null where nobody can be asked, or `--yes` was given. */
  confirm: ((question: string) => Promise<boolean>) | null;
  stderr: NodeJS.WritableStream;
  signal: AbortSignal;
}

export async function removeModel(client: HearthClient, options: RemoveOptions): Promise<ExitCode> {
  const { confirm, stderr, signal } = options;
  const tell = (line: string) => void stderr.write(`${withoutControl(line)}\n`);
  const installed = requireList(await installedModels(client, options));
  const meant = installed.filter((model) => isSameModel(model.name, options.model));
  // A file of the built-in engine may have the name that Ollama's model has without its tag: as it is written counts.
  const found = meant.find((model) => model.name === options.model) ?? meant[0];
  if (found === undefined) throw notFound(options.model, installed);
  const { name, engine, sizeBytes } = found;
  const values = { model: name, size: sizeForPeople(sizeBytes) };
  if (confirm !== null && !(await confirm(withoutControl(text('cli:rm.ask', values))))) {
    tell(text('cli:rm.kept', values));
    return signal.aborted ? EXIT.interrupted : EXIT.failed;
  }
  await client.models.remove({ name, engine });
  // Hearth gives a moment to take it back: Ctrl C does.
  tell(text('cli:rm.waiting', values));
  const after = await afterRemoval(client, found, signal);
  if (signal.aborted || after === null) {
    const now = await client.models.undoRemove({ name, engine });
    const isKept = isListed(now, found) && !now.removing.some((one) => isOne(one, found));
    tell(text(isKept ? 'cli:rm.kept' : 'cli:rm.tooLate', values));
    return EXIT.interrupted;
  }
  if (isListed(after, found)) {
    tell(after.problem?.message ?? text('cli:rm.failed', values));
    return EXIT.failed;
  }
  tell(text('cli:rm.done', values));
  return EXIT.answered;
}

/** The list once the deletion has happened, was taken back elsewhere or has failed; null when the signal aborts before. */
async function afterRemoval(
  client: HearthClient,
  model: InstalledModel,
  signal: AbortSignal,
): Promise<ModelsStatus | null> {
  try {
    for await (const { removing } of await client.models.watch(undefined, { signal })) {
      if (!removing.some((one) => isOne(one, model))) return await client.models.refresh(undefined, { signal });
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

function notFound(model: string, installed: InstalledModel[]): HearthError {
  const names = installed.map(({ name }) => name).join(', ') || text('cli:rm.nothing');
  return new HearthError('model_not_found', { backend: 'Hearth', model, installed: names });
}
