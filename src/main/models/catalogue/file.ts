// A catalogue from outside the program, checked: it is shown, and its names are handed to Ollama.
import { z } from 'zod';
import { CatalogueEntry, CatalogueFile, CatalogueVariant } from '../../../contract/models.ts';

const ENTRIES_MAX = 500;
const VARIANTS_MAX = 50;

/** What Ollama takes for a name, with a host, an owner and a tag as far as they are there. */
const MODEL_NAME = /^[a-z0-9][\w.-]*(?::\d+)?(?:\/[\w.-]+)*(?::[\w.-]+)?$/i;

/** One line without what a window or a terminal would obey. */
const line = (maxChars: number) =>
  z
    .string()
    .min(1)
    .max(maxChars)
    .regex(/^[^\p{Cc}]+$/u);
const count = z.number().int().positive();

const Variant = CatalogueVariant.extend({
  model: line(200).regex(MODEL_NAME),
  size: line(20),
  quantization: line(20),
  downloadBytes: count,
  layers: count,
  kvHeads: count,
  headSize: count,
  contextLength: count,
});
const Entry = CatalogueEntry.extend({
  id: line(100),
  name: line(100),
  family: line(100),
  goodAt: line(200),
  licence: line(100),
  languages: z.array(line(35)).max(200),
  variants: z.array(Variant).min(1).max(VARIANTS_MAX),
});
const File = CatalogueFile.extend({
  updated: z.iso.date(),
  entries: z.array(Entry).min(1).max(ENTRIES_MAX),
});

/** Null when it is no catalogue that can be shown: wrong shape, impossible numbers, a model that is there twice. */
export function readCatalogue(text: string): CatalogueFile | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The caller says so.
    return null;
  }
  return checkCatalogue(parsed);
}

export function checkCatalogue(parsed: unknown): CatalogueFile | null {
  const file = File.safeParse(parsed);
  if (!file.success) return null;
  const { entries } = file.data;
  const ids = entries.map(({ id }) => id);
  const models = entries.flatMap(({ variants }) => variants.map(({ model }) => model));
  return isUnique(ids) && isUnique(models) ? file.data : null;
}

const isUnique = (names: string[]) => new Set(names).size === names.length;
