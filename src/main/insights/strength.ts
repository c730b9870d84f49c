// Whether a model is strong enough to be believed what it says of a person: one that can't repeat a sentence makes things up.
import type { BackendPlan } from '../backends/index.ts';
import { text } from '../words/index.ts';
import type { Errand, Reply } from './ask.ts';
import { withoutThoughts } from './reply.ts';
import { sameness } from './statement.ts';

const REPEAT_MAX_TOKENS = 60;

export interface Strength {
  /**
   * Whether the model of a plan can repeat a sentence. It is asked once; what it showed is remembered until Hearth ends.
   * Rejects with what asking rejects with.
   *
   * @param ask one short question to that model
   */
  isEnough(plan: Pick<BackendPlan, 'candidates' | 'model'>, ask: (errand: Errand) => Promise<Reply>): Promise<boolean>;
}

export function createStrength(): Strength {
  /** By engine and model. */
  const shown = new Map<string, boolean>();
  return {
    async isEnough({ candidates, model }, ask) {
      const [planned] = candidates;
      const key = JSON.stringify([planned?.kind, planned?.label, planned?.modelFor(model)]);
      const known = shown.get(key);
      if (known !== undefined) return known;
      const sentence = text('prompts:facts.repeat.sentence');
      const { text: reply } = await ask({
        messages: [
          { role: 'system', content: text('prompts:facts.repeat.task') },
          { role: 'user', content: sentence },
        ],
        maxTokens: REPEAT_MAX_TOKENS,
      });
      const isStrong = sameness(withoutThoughts(reply)) === sameness(sentence);
      shown.set(key, isStrong);
      return isStrong;
    },
  };
}
