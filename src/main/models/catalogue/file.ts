// A catalogue from outside the program, checked: it is shown, and its names are handed to Ollama.
import { z } from 'zod';
import { CatalogueEntry, CatalogueFile, CatalogueVariant } from '../../../contract/models.ts';
import { fieldsOf } from '../../diagnostics/index.ts';

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

export interface ReadCatalogue {
  file: CatalogueFile;
  /** How many models and sizes were not sound, or there twice. */
  leftOut: number;
}

/** What is sound of a catalogue from outside. Null when it is none, or nothing of it is. */
export function readCatalogue(text: string): ReadCatalogue | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The caller says so.
    return null;
  }
  const { entries } = fieldsOf(parsed);
  if (!Array.isArray(entries) || entries.length > ENTRIES_MAX) return null;
  const seen = new Set<string>();
  const isNew = (name: string) => !seen.has(name) && seen.add(name) !== undefined;
  let leftOut = 0;
  const sound = entries.flatMap((raw: unknown) => {
    const { variants } = fieldsOf(raw);
    const all: unknown[] = Array.isArray(variants) ? variants : [];
    const good = all.filter((one) => {
      const variant = Variant.safeParse(one);
      return variant.success && isNew(`model ${variant.data.model}`);
    });
    const entry = Entry.safeParse({ ...fieldsOf(raw), variants: good });
    const isSound = entry.success && isNew(`id ${entry.data.id}`);
    leftOut += isSound ? all.length - good.length : 1;
    return isSound ? [entry.data] : [];
  });
  const file = checkCatalogue({ ...fieldsOf(parsed), entries: sound });
  return file && { file, leftOut };
}

/** The catalogue if all of it is sound. Null: wrong shape, impossible numbers, a model that is there twice. */
export function checkCatalogue(parsed: unknown): CatalogueFile | null {
  const file = File.safeParse(parsed);
  if (!file.success) return null;
  const { entries } = file.data;
  const ids = entries.map(({ id }) => id);
  const models = entries.flatMap(({ variants }) => variants.map(({ model }) => model));
  return isUnique(ids) && isUnique(models) ? file.data : null;
}

const isUnique = (names: string[]) => new Set(names).size === names.length;
