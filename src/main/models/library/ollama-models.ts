// The models of an Ollama: its list, with what old servers leave out asked for once, and what is in memory.
import type { InstalledModel } from '../../../contract/models.ts';
import {
  isSameModel,
  type ListedModel,
  type LoadedModel,
  type OllamaManager,
  type ShownModel,
} from '../../ollama/index.ts';
import { factsOfShown, folderOfShown, guessedCapabilities, knownCapabilities } from './shown.ts';

/** What a look at one model taught; the same as long as its digest is. */
interface Learned {
  capabilities: InstalledModel['capabilities'];
  contextLength: number | null;
  folder: string | null;
}

export interface Learning {
  /** Completes the entries that lack something; a model that can't be shown stays as it was told. */
  complete(
    listed: readonly ListedModel[],
    show: OllamaManager['show'],
    signal: AbortSignal,
  ): Promise<Omit<InstalledModel, 'lastUsedAtMs'>[]>;
  /** The folder of models that the server named for one of its models; null while none was looked at. */
  folder(): string | null;
}

const SHOWN_AT_ONCE = 3;
const REMEMBERED_MAX = 1_000;

export function createLearning(): Learning {
  const byDigest = new Map<string, Learned>();

  async function learn(name: string, digest: string, show: OllamaManager['show'], signal: AbortSignal): Promise<void> {
    const shown = await show(name, signal).catch(() => {
      signal.throwIfAborted();
      // Deleted meanwhile, or broken: it is listed with what the list says.
      return null;
    });
    if (shown === null) return;
    if (byDigest.size >= REMEMBERED_MAX) byDigest.clear();
    byDigest.set(digest, learnedFrom(shown));
  }

  return {
    async complete(listed, show, signal) {
      const named = listed.filter((model) => typeof model.name === 'string' && model.name !== '');
      const unknown = new Map(
        named
          .filter((model) => isLacking(model) && !byDigest.has(model.digest ?? ''))
          .flatMap((model) => (model.digest ? [[model.digest, model.name ?? ''] as const] : [])),
      );
      // One is asked even when nothing lacks: it tells the folder.
      const first = named.find((model) => model.digest);
      if (byDigest.size === 0 && unknown.size === 0 && first?.digest) unknown.set(first.digest, first.name ?? '');
      const waiting = [...unknown];
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          await learn(next[1], next[0], show, signal);
      };
      await Promise.all(Array.from({ length: SHOWN_AT_ONCE }, worker));
      return named.map((model) => installedFrom(model, byDigest.get(model.digest ?? '')));
    },
    folder: () => [...byDigest.values()].find(({ folder }) => folder !== null)?.folder ?? null,
  };
}

const isLacking = (model: ListedModel) =>
  model.capabilities === undefined || typeof model.details?.context_length !== 'number';

function learnedFrom(shown: ShownModel): Learned {
  return {
    capabilities: shown.capabilities ? knownCapabilities(shown.capabilities) : guessedCapabilities(shown),
    contextLength: wholeOrNull(factsOfShown(shown, null).contextLength),
    folder: folderOfShown(shown),
  };
}

function installedFrom(model: ListedModel, learned: Learned | undefined): Omit<InstalledModel, 'lastUsedAtMs'> {
  return {
    name: model.name ?? '',
    engine: 'ollama',
    sizeBytes: model.size ?? 0,
    digest: model.digest ?? null,
    family: model.details?.family || null,
    parameters: model.details?.parameter_size || null,
    quantization: model.details?.quantization_level || null,
    contextLength: wholeOrNull(model.details?.context_length) ?? learned?.contextLength ?? null,
    capabilities: model.capabilities ? knownCapabilities(model.capabilities) : (learned?.capabilities ?? []),
    modifiedAtMs: timeOf(String(model.modified_at ?? '')),
    loaded: null,
    path: null,
  };
}

/** The same models with what /api/ps tells of them. */
export function withLoaded<Model extends Pick<InstalledModel, 'name' | 'loaded'>>(
  models: readonly Model[],
  loaded: readonly LoadedModel[],
): Model[] {
  return models.map((model) => {
    const found = loaded.find((one) => isSameModel(one.name, model.name));
    if (found === undefined) return model.loaded === null ? model : { ...model, loaded: null };
    const { sizeBytes, gpuBytes, expiresAt } = found;
    return { ...model, loaded: { sizeBytes, gpuBytes, expiresAtMs: expiryOf(expiresAt) } };
  });
}

/** A century from now is how the server says never. */
function expiryOf(written: string): number | null {
  const time = timeOf(written);
  return time === null || time - Date.now() > 10 * 365 * 86_400_000 ? null : time;
}

function timeOf(written: string): number | null {
  const time = Date.parse(written);
  return Number.isNaN(time) ? null : time;
}

const wholeOrNull = (value: number | null | undefined) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : null;
