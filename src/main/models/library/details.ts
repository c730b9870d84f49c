// Everything about one model, for its own page.
import type { Fit, ModelDetails } from '../../../contract/models.ts';
import type { ShownModel } from '../../ollama/index.ts';
import type { FitMeter, ModelFacts } from '../fit/interface.ts';
import type { GgufFacts } from '../gguf/interface.ts';
import type { BuiltinFile } from './builtin-files.ts';
import { parseParameters } from './parameters.ts';
import { factsOfShown, guessedCapabilities, knownCapabilities } from './shown.ts';

type Loaded = ModelFacts['loaded'];

export interface ShownOptions {
  /** What the list tells of it; null for one that is not in it yet. */
  listed: { sizeBytes: number | null; loaded: NonNullable<Loaded> | null } | null;
  fitOf: FitMeter['fitOf'];
  /** The context that its questions ask for; null leaves it to the server. */
  contextTokens: number | null;
}

export async function detailsOfShown(
  name: string,
  shown: ShownModel,
  { listed, fitOf, contextTokens }: ShownOptions,
): Promise<ModelDetails> {
  const facts = factsOfShown(shown, listed?.sizeBytes ?? null);
  return {
    name,
    engine: 'ollama',
    family: shown.family,
    parameters: shown.size,
    quantization: shown.quantization,
    contextLength: facts.contextLength === null ? null : Math.round(facts.contextLength),
    capabilities: shown.capabilities ? knownCapabilities(shown.capabilities) : guessedCapabilities(shown),
    license: shown.license || null,
    system: shown.system,
    settings: parseParameters(shown.parameters),
    template: shown.template || null,
    isEditable: true,
    fit: await fitOf({ ...facts, loaded: listed?.loaded ?? null }, contextTokens ?? undefined),
  };
}

export async function detailsOfFile({ model, facts }: BuiltinFile, fitOf: FitMeter['fitOf']): Promise<ModelDetails> {
  const { name, engine, family, parameters, quantization, contextLength, capabilities } = model;
  return {
    name,
    engine,
    family,
    parameters,
    quantization,
    contextLength,
    capabilities,
    license: null,
    system: '',
    settings: [],
    template: null,
    isEditable: false,
    fit: await fitOfFile(facts, model.sizeBytes, fitOf),
  };
}

/** @param sizeBytes of all its parts */
export function fitOfFile(facts: GgufFacts, sizeBytes: number, fitOf: FitMeter['fitOf']): Promise<Fit> {
  return fitOf(factsOfFile(facts, sizeBytes));
}

export function factsOfFile(facts: GgufFacts, sizeBytes: number): ModelFacts {
  const { layers, kvHeads, headSize, contextLength } = facts;
  return { weightsBytes: sizeBytes, layers, kvHeads, headSize, contextLength };
}
