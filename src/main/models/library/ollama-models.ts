// The models of an Ollama: its list, with what old servers leave out asked for once, and what is in memory.
import type { InstalledModel } from '../../../contract/models.ts';
import { momentFrom } from '../../diagnostics/index.ts';
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
      const unknown = new Map(
        listed
          .filter((model) => isLacking(model) && !byDigest.has(keyOf(model)))
          .map((model) => [keyOf(model), model.name] as const),
      );
      // One is asked even when nothing lacks: it tells the folder.
      const [first] = listed;
      if (byDigest.size === 0 && unknown.size === 0 && first) unknown.set(keyOf(first), first.name);
      const waiting = [...unknown];
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          await learn(next[1], next[0], show, signal);
      };
      await Promise.all(Array.from({ length: SHOWN_AT_ONCE }, worker));
      return listed.map((model) => installedFrom(model, byDigest.get(keyOf(model))));
    },
    folder: () => [...byDigest.values()].find(({ folder }) => folder !== null)?.folder ?? null,
  };
}

/** One without a digest is known by its name alone; the server may give that name to another. */
const keyOf = ({ digest, name }: ListedModel) => digest ?? `name ${name}`;

const isLacking = ({ capabilities, contextLength }: ListedModel) => capabilities === null || contextLength === null;

function learnedFrom(shown: ShownModel): Learned {
  return {
    capabilities: shown.capabilities ? knownCapabilities(shown.capabilities) : guessedCapabilities(shown),
    contextLength: wholeOrNull(factsOfShown(shown, null).contextLength),
    folder: folderOfShown(shown),
  };
}

function installedFrom(model: ListedModel, learned: Learned | undefined): Omit<InstalledModel, 'lastUsedAtMs'> {
  const { name, sizeBytes, digest, family, parameters, quantization, contextLength, capabilities, modifiedAtMs } =
    model;
  return {
    name,
    engine: 'ollama',
    sizeBytes,
    digest,
    family,
    parameters,
    quantization,
    contextLength: contextLength ?? learned?.contextLength ?? null,
    capabilities: capabilities ? knownCapabilities(capabilities) : (learned?.capabilities ?? []),
    modifiedAtMs,
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
  const time = momentFrom(written);
  return time === null || time - Date.now() > 10 * 365 * 86_400_000 ? null : time;
}

const wholeOrNull = (value: number | null) => (value === null || value <= 0 ? null : Math.round(value));
