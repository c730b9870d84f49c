// What a model needs, and what this computer has to give.
import type { Fit, Hardware } from '../../../contract/models.ts';

/** The numbers of a model that its need for memory follows from. Null where unknown. */
export interface ModelFacts {
  /** What the weights take in memory: the size of the file, or of all its parts. */
  weightsBytes: number | null;
  layers: number | null;
  /** Heads that are cached, a mean where the layers differ. */
  kvHeads: number | null;
  /** Elements of one cached head, a mean of key and value where they differ. */
  headSize: number | null;
  /** The longest context it was made for, in tokens. */
  contextLength: number | null;
  /** What its Modelfile asks for (`num_ctx`), in tokens; absent where it asks for none. */
  ownContext?: number | null;
  /**
   * What it holds in memory already (`InstalledModel.loaded`): counted as free, since it would be used again. Leave it out
   * for a model that is not loaded.
   */
  loaded?: { sizeBytes: number | null; gpuBytes: number | null } | null;
}

export interface FitMeter {
  /**
   * Whether it runs here now. Never rejects: without facts the label is `unknown`.
   * @param contextLength tokens; without it the model's own, the one of the settings, or what there is room for; never more than the model's
   */
  fitOf(facts: ModelFacts, contextLength?: number): Promise<Fit>;
  /** Measured when asked and kept for a few seconds; without the probe's help what Node knows. Never rejects. */
  hardware(): Promise<Hardware>;
}
