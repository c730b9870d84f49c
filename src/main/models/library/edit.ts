// Changes a model's system prompt and parameters; weights, template and everything else stay.
import type { EditModelInput } from '../../../contract/models.ts';
import { HearthError } from '../../errors/index.ts';
import type { CreateRequest, OllamaManager, ShownModel } from '../../ollama/index.ts';
import { text } from '../../words/index.ts';
import { workFailure } from './failures.ts';
import { parseParameters, typedParameters } from './parameters.ts';
import { blobsOfShown } from './shown.ts';

/** Rejects with `bad_request`, `model_not_found` or `work_failed`; the model is unchanged then. */
export async function editModel(input: EditModelInput, manager: OllamaManager, signal: AbortSignal): Promise<void> {
  const subject = text('ollama:library.edit_of', { name: input.name });
  const shown = await manager.show(input.name, signal);
  try {
    await manager.create(editRequest(input, shown, subject), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw workFailure(error, subject);
  }
}

/**
 * Made from itself, a model keeps what it has: Ollama merges parameters and reads an empty system prompt as none given.
 * Taking something away therefore means making it anew, from its blobs and everything else it is made of.
 */
export function editRequest(
  { name, system, settings }: EditModelInput,
  shown: ShownModel,
  subject: string,
): CreateRequest {
  const parameters = typedParameters(settings);
  const takesAway =
    (system === '' && shown.system !== '') ||
    parseParameters(shown.parameters).some((one) => !(one.name in parameters));
  const change = { model: name, parameters, ...(system === '' ? {} : { system }) };
  if (!takesAway) return { ...change, from: name };
  const blobs = blobsOfShown(shown);
  if (blobs === null)
    throw new HearthError('work_failed', { subject, reason: text('ollama:library.cannot_take_away') });
  const { template, license, messages, renderer, parser, requires } = shown;
  return {
    ...change,
    files: Object.fromEntries(blobs.map((digest, index) => [`model-${index}.gguf`, digest])),
    ...filled({ template, license, renderer, parser, requires }),
    ...(messages.length === 0 ? {} : { messages }),
  };
}

function filled<T extends Record<string, string>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')) as Partial<T>;
}
