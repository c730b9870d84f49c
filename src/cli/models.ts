// `hearth models`: what is installed, and what one could get.
import type { ErrorInfo } from '../contract/errors.ts';
import type { Catalogue, InstalledModel } from '../contract/models.ts';
import { HearthError } from '../main/errors/index.ts';
import { text } from '../main/words/index.ts';
import { sizeForPeople } from './checks/finding.ts';
import type { HearthClient } from './connect.ts';
import { agoText, contextText, tableText } from './describe-numbers.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { codeOf, failureText } from './failure.ts';
import { withoutControl } from './output.ts';

export interface ModelsOptions {
  isCatalogue: boolean;
  isJson: boolean;
  /** Another Hearth does the work, and decides whether its Ollama sleeps. */
  isShared: boolean;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  signal: AbortSignal;
  now?: () => number;
}

export async function models(client: HearthClient, options: ModelsOptions): Promise<ExitCode> {
  return options.isCatalogue ? listCatalogue(client, options) : listInstalled(client, options);
}

async function listInstalled(client: HearthClient, options: ModelsOptions): Promise<ExitCode> {
  const { isJson, stdout, stderr, now = Date.now } = options;
  const { installed, problem } = await installedModels(client, options);
  const tell = (line: string) => void stderr.write(`${withoutControl(line)}\n`);
  // Where no Ollama was found, all that is here is listed.
  const code = problem === null || isWithoutOllama(problem) ? EXIT.answered : EXIT.failed;
  if (isJson) {
    stdout.write(`${JSON.stringify({ models: installed ?? [], problem }, null, 2)}\n`);
    return code;
  }
  if (installed !== null && installed.length > 0) {
    const head = ['name', 'size', 'parameters', 'quantization', 'context', 'inMemory', 'lastUsed'];
    const rows = installed.map((model) => installedRow(model, now()));
    stdout.write(withoutControl(tableText([head.map((name) => text(`cli:models.${name}`)), ...rows])));
    if (problem === null) tell(text('cli:models.more'));
  } else if (code === EXIT.answered) {
    tell(text('cli:models.none'));
    return listCatalogue(client, { ...options, hasEngine: problem === null });
  }
  if (problem !== null) tell(failureText(problem));
  return code;
}

const isWithoutOllama = ({ code }: Pick<ErrorInfo, 'code'>) => code === 'ollama_not_installed';

/** The list as it is now. A terminal on its own wakes an Ollama that sleeps; the running Hearth's is left as it is. */
export async function installedModels(
  client: HearthClient,
  { isShared, signal }: { isShared: boolean; signal: AbortSignal },
) {
  // Why it can't be started is told with the list, which may hold files of the built-in engine.
  const failure = isShared ? null : await client.engine.start(undefined, { signal }).then(() => null, codeOf);
  signal.throwIfAborted();
  if (failure === 'backend_no_answer') {
    // The services have asked as well while this waited: one that hangs is not waited for once more.
    const known = await client.models.status(undefined, { signal });
    if (known.installed !== null && known.problem !== null) return known;
  }
  return client.models.refresh(undefined, { signal });
}

function installedRow(model: InstalledModel, nowMs: number): string[] {
  return [
    model.name,
    sizeText(model.sizeBytes),
    model.parameters ?? '',
    model.quantization ?? '',
    contextText(model.contextLength),
    model.loaded === null ? '' : sizeText(model.loaded.sizeBytes),
    model.lastUsedAtMs === null ? text('cli:models.never') : agoText(model.lastUsedAtMs, nowMs),
  ];
}

const sizeText = (bytes: number | null) => (bytes === null ? text('cli:models.unsized') : sizeForPeople(bytes));

async function listCatalogue(
  client: HearthClient,
  { isJson, stdout, signal, hasEngine = true }: ModelsOptions & { hasEngine?: boolean },
): Promise<ExitCode> {
  const catalogue = await client.catalogue.get(undefined, { signal });
  stdout.write(
    isJson ? `${JSON.stringify(catalogue, null, 2)}\n` : withoutControl(catalogueText(catalogue, hasEngine)),
  );
  return EXIT.answered;
}

/** What fits this computer comes first, and of that the one to begin with. */
function catalogueText({ entries, hardware, suggested, updated }: Catalogue, hasEngine: boolean): string {
  const head = ['name', 'download', 'memory', 'fit', 'goodAt'].map((name) => text(`cli:models.${name}`));
  const rank = ({ model, fit }: Variant) => (model === suggested ? -1 : FIT_ORDER.indexOf(fit.label));
  const rows = entries
    .flatMap(({ variants, goodAt }) => variants.map((variant) => ({ variant, goodAt })))
    .toSorted((a, b) => rank(a.variant) - rank(b.variant))
    .map(({ variant: { model, downloadBytes, fit, isInstalled }, goodAt }) => [
      model,
      sizeForPeople(downloadBytes),
      fit.needBytes === null ? '' : sizeForPeople(fit.needBytes),
      text(`cli:models.label.${isInstalled ? 'installed' : fit.label}`),
      goodAt,
    ]);
  const measured = text('cli:models.measured', { free: sizeForPeople(hardware.freeMemoryBytes), date: updated });
  const model = suggested ?? rows[0]?.[0] ?? '';
  const first = text(hasEngine ? 'cli:models.suggested' : 'cli:models.suggestedFirst', { model });
  return `${tableText([head, ...rows])}\n${measured}\n${first}\n`;
}

type Variant = Catalogue['entries'][number]['variants'][number];
const FIT_ORDER: readonly Variant['fit']['label'][] = ['fits', 'tight', 'unknown', 'too_big'];

/** @throws HearthError why there is no list */
export function requireList(status: Awaited<ReturnType<HearthClient['models']['refresh']>>): InstalledModel[] {
  if (status.installed !== null) return status.installed;
  const { code, params, detail } = status.problem ?? { code: 'internal' as const, params: {}, detail: undefined };
  throw new HearthError(code, params, detail === undefined ? {} : { detail });
}
