// What Hearth knows of the families of models: resources/families.json, with where each value comes from.
//
// Only public model cards, generation configs and prompt formats are sources. A value that none of them names is null: then
// the engine's own default counts. So it is of every context: how much a model sees is a matter of the model and of memory
// (docs/decisions/0020-context-asked-for.md), and of what the user sets. The longest answer is no property of a family either:
// it is where Hearth ends one that does not end by itself, with twice the room where a model thinks first.
import { z } from 'zod';
import given from '../../../../resources/families.json' with { type: 'json' };
import { Family, type FamilyId } from '../../../contract/backends.ts';

const KnownFamily = Family.extend({
  /** As GGUF files and Ollama name it. Some are shared: the first Mistral models are of the architecture `llama`. */
  architectures: z.array(z.string()),
  /** Words in the names of its models, in lower case; a number may follow at once, as in `phi4`. */
  names: z.array(z.string()),
  /**
   * The system message of a chat that has none, where Hearth runs the model itself; null leaves it to the model's template.
   * Only where that one was seen to do harm: SmolLM2 135M (Q4_1), asked for the capital of France after its makers' line,
   * begins with "The" at 0.12 and else babbles French without an end; after an empty one at 0.53, and says Paris.
   */
  system: z.string().nullable().default(null),
});
export type KnownFamily = z.infer<typeof KnownFamily>;

const known: readonly KnownFamily[] = z.array(KnownFamily).parse(given);

/** By family: its names as words of a name in lower case. Made once: every question looks. */
const words = new Map(
  known.flatMap((one) =>
    one.names.length === 0 ? [] : [[one, new RegExp(`(?<![a-z])(?:${one.names.join('|')})(?![a-z])`)] as const],
  ),
);

/** For the screen: what is known and where from, in the order of the file. */
export function families(): Family[] {
  return known.map((one) => Family.parse(one));
}

export function familyById(id: FamilyId): KnownFamily {
  const found = known.find((one) => one.id === id);
  if (!found) throw new Error(`families.json has no ${id}`);
  return found;
}

/**
 * The family of a model: by its architecture, and where several share that one by its name; without a known architecture by
 * the name alone; else `other`.
 * @param model its name or file name; null when none is known
 * @param architecture as a GGUF file or Ollama's list tells it, for example `qwen3moe`; null when nobody told
 */
export function familyOf(model: string | null, architecture: string | null): KnownFamily {
  const name = (model ?? '').toLowerCase();
  const named = (one: KnownFamily) => words.get(one)?.test(name) === true;
  const ofArchitecture = known.filter((one) => one.architectures.includes(architecture?.toLowerCase() ?? ''));
  // A distilled model is built like one family and named after two: the one that is no mere architecture says more.
  const byName = [...known]
    .toReversed()
    .find((one) => named(one) && (ofArchitecture.length === 0 || ofArchitecture.includes(one)));
  return byName ?? ofArchitecture[0] ?? familyById('other');
}

/**
 * Models whose templates begin every answer with a thought and put its mark into the prompt: the end of the thought is all that
 * is seen of it. Sources: the chat templates of DeepSeek-R1 and its distilled models, of QwQ, and of Qwen's `…-Thinking`.
 */
const BEGIN_WITH_THOUGHT = /(?<![a-z])(?:r1|qwq|(?<!(?:no|non)[-_]?)thinking)(?![a-z])/;

/** @param model its name or file name */
export function beginsWithThought(model: string): boolean {
  return BEGIN_WITH_THOUGHT.test(model.toLowerCase());
}
