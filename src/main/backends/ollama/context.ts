// The context that a question to an Ollama asks for, so that the model is loaded once and not anew for each who asks.
import type { ContextPlans } from '../../models/index.ts';
import { isSameModel, type LoadedModel, type Place } from '../../ollama/index.ts';

export interface ContextQuestion {
  place: Place;
  model: string;
  /** It has answered not long ago: it is in memory as it was asked for. */
  isWarm: boolean;
}

export interface Contexts {
  /**
   * What to ask for; null leaves it to the server. At hand at once for a model that is warm, else after a look at what is in
   * memory. Never rejects.
   */
  of(question: ContextQuestion): number | null | Promise<number | null>;
}

/** A look takes milliseconds, beside a load of seconds. */
const LOOK_LIMIT_MS = 500;

/** @param plans null plans nothing: what the user set is sent, and nothing else */
export function createContexts(plans: ContextPlans | null): Contexts {
  /** By server and model: what was planned when it was asked last, and what it was asked for. */
  const asked = new Map<string, { plan: number; tokens: number }>();

  async function find({ place, model }: ContextQuestion): Promise<number | null> {
    const plan = (await plans?.plan(place, model)) ?? null;
    if (plan === null) return null;
    const key = keyOf(place, model);
    const before = asked.get(key);
    // A plan that changed since our last question is the user's wish, or what memory allows now: then it counts exactly.
    const isKept = before === undefined || before.plan === plan;
    const tokens = isKept ? Math.max(plan, await loadedWith(place, model)) : plan;
    asked.set(key, { plan, tokens });
    return tokens;
  }

  return {
    of(question) {
      const { place, model, isWarm } = question;
      const plan = plans?.planned(place, model);
      if (plan === null || plans === null) return null;
      const before = asked.get(keyOf(place, model));
      return isWarm && before !== undefined && before.plan === plan ? before.tokens : find(question);
    },
  };
}

const keyOf = ({ origin }: Place, model: string) => `${origin} ${model}`;

/** The context of a model that another program has loaded: larger than ours it does for us too. 0 for none. */
export async function loadedWith({ client }: Place, model: string): Promise<number> {
  const loaded = await client.loaded(AbortSignal.timeout(LOOK_LIMIT_MS)).catch((): LoadedModel[] => []);
  return loaded.find(({ name }) => isSameModel(name, model))?.contextTokens ?? 0;
}
