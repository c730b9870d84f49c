// How much context each model of an Ollama on this computer is asked for: planned once, the same in every request.
import type { Settings } from '../../../contract/settings.ts';
import {
  fullName,
  isCloudModel,
  isSameModel,
  type ListedModel,
  type LoadedModel,
  type OllamaManager,
  type Place,
  type ShownModel,
} from '../../ollama/index.ts';
import type { FitMeter, ModelFacts } from '../fit/interface.ts';
import { factsOfShown } from './shown.ts';

export interface ContextPlans {
  /** In tokens; null leaves it to the server, undefined: not planned yet. At hand at once, for every question. */
  planned(place: Place, model: string): number | null | undefined;
  /** What the model was made for, in tokens; null where nobody told yet. */
  modelMaximum(place: Place, model: string): number | null;
  /** Plans what is not planned yet. Never rejects, ends within two seconds: then it is left to the server. */
  plan(place: Place, model: string): Promise<number | null>;
  /** Plans anew with what is free now, unless the model is in memory with what was planned for it. Never rejects. */
  planShown(place: Place, model: string, shown: ShownModel): Promise<number | null>;
  /** What changed since is planned anew when it is asked. */
  noteList(place: Place, listed: readonly ListedModel[]): void;
  /** The settings may count otherwise from now on. */
  forget(): void;
}

export interface ContextPlansOptions {
  managerOf: (place: Place) => OllamaManager;
  fitOf: FitMeter['fitOf'];
  /** What the user set for models of this kind, in tokens; null for nothing. */
  wished: (model: string, architecture: string | null) => number | null;
}

interface Plan {
  digest: string | null;
  /** What it was planned by, apart from what was free. */
  basis: string;
  tokens: number | null;
  modelMaximum: number | null;
}

const LIMIT_MS = 2_000;

/** Of the settings what a plan depends on, to be compared. */
export function planSettings({ engine, families }: Settings): string {
  const { contextLength, kvCacheType, flashAttention, parallel, gpuLayers, gpuDevices } = engine;
  const wished = Object.values(families).map(({ contextTokens }) => contextTokens);
  return JSON.stringify([contextLength, kvCacheType, flashAttention, parallel, gpuLayers, gpuDevices, wished]);
}

export function createContextPlans({ managerOf, fitOf, wished }: ContextPlansOptions): ContextPlans {
  const plans = new Map<string, Plan>();
  const planning = new Map<string, Promise<number | null>>();
  const keyOf = ({ origin }: Place, model: string) => `${origin} ${fullName(model)}`;
  /** Elsewhere the owner of the server decides. */
  const isOurs = (place: Place, model: string) => place.isLocal && !isCloudModel(model);

  async function planAnew(place: Place, model: string, given: ShownModel | null): Promise<number | null> {
    const key = keyOf(place, model);
    const signal = AbortSignal.timeout(LIMIT_MS);
    try {
      const [shown, listed, loaded] = await Promise.all([
        given ?? managerOf(place).show(model, signal),
        place.client.list(signal),
        place.client.loaded(signal).catch((): LoadedModel[] => []),
      ]);
      const found = listed.find(({ name }) => isSameModel(name, model));
      const plan = (facts: ModelFacts | null, tokens: number | null) => {
        plans.set(key, {
          digest: found?.digest ?? null,
          basis: JSON.stringify(facts),
          tokens,
          modelMaximum: facts?.contextLength ?? null,
        });
        return tokens;
      };
      if (found === undefined || found.remoteHost !== null) return plan(null, null);
      const facts = factsOfShown(shown, found.sizeBytes);
      const before = plans.get(key);
      const isLoaded = loaded.some(({ name }) => isSameModel(name, model));
      if (isLoaded && before?.basis === JSON.stringify(facts)) return before.tokens;
      const wish = wished(model, shown.family);
      // Ollama takes others out of memory for the one that is asked.
      const { contextLength } = await fitOf({ ...facts, loaded: sumOf(loaded) }, wish ?? undefined);
      return plan(facts, contextLength);
    } catch {
      // A server that shows nothing decides by itself, until its list is seen again.
      plans.set(key, { digest: null, basis: '', tokens: null, modelMaximum: null });
      return null;
    }
  }

  return {
    planned: (place, model) => (isOurs(place, model) ? plans.get(keyOf(place, model))?.tokens : null),
    modelMaximum: (place, model) => plans.get(keyOf(place, model))?.modelMaximum ?? null,
    async plan(place, model) {
      if (!isOurs(place, model)) return null;
      const key = keyOf(place, model);
      const known = plans.get(key);
      if (known !== undefined) return known.tokens;
      const running = planning.get(key) ?? planAnew(place, model, null).finally(() => planning.delete(key));
      planning.set(key, running);
      return running;
    },
    planShown: async (place, model, shown) => (isOurs(place, model) ? planAnew(place, model, shown) : null),
    noteList(place, listed) {
      for (const { name, digest } of listed) {
        const key = keyOf(place, name);
        if (plans.has(key) && plans.get(key)?.digest !== digest) plans.delete(key);
      }
    },
    forget: () => plans.clear(),
  };
}

function sumOf(loaded: readonly LoadedModel[]): NonNullable<ModelFacts['loaded']> {
  const sum = (of: (model: LoadedModel) => number | null) =>
    loaded.reduce((total, model) => total + (of(model) ?? 0), 0);
  return { sizeBytes: sum(({ sizeBytes }) => sizeBytes), gpuBytes: sum(({ gpuBytes }) => gpuBytes) };
}
