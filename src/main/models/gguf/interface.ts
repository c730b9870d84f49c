// What a GGUF file says about itself in its header.

export interface GgufFacts {
  /** Of this file alone. */
  sizeBytes: number;
  /** `general.architecture`, for example `llama`. */
  architecture: string | null;
  /** `general.name`, in one line. */
  name: string | null;
  /** As people write it, for example `3.2B` or `116K`; counted from the tensors. */
  parameters: string | null;
  parameterCount: number | null;
  /** From `general.file_type`, for example `Q4_K_M`. */
  quantization: string | null;
  /** The longest context it was made for, in tokens. */
  contextLength: number | null;
  layers: number | null;
  /** Heads that are cached in a layer; a mean where the layers differ. */
  kvHeads: number | null;
  /** A mean of key and value where they differ. */
  headSize: number | null;
  /** The eyes of a model (`mmproj`): no model by itself. */
  isProjector: boolean;
  /** A LoRA adapter: no model by itself. */
  isAdapter: boolean;
  /** It makes vectors and writes nothing. */
  isEmbedding: boolean;
  /** It holds the template of conversations; a base model has none. */
  hasTemplate: boolean;
  /** False for a vocabulary by itself. */
  hasWeights: boolean;
  /** Set for one part of a model that is split over several files; the first is number 1. */
  splitPart: { number: number; count: number } | null;
}

/**
 * Reads the header, not the weights.
 * @throws HearthError `file_not_a_model` for what is no whole GGUF header, `file_unreadable` when it can't be opened or read
 */
export type ReadGguf = (path: string, signal: AbortSignal) => Promise<GgufFacts>;
