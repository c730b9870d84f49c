// No page says that a model does what no window can use yet.
import { expect, it } from 'vitest';
import catalogue from '../../../resources/catalogue.json' with { type: 'json' };
import { Capability } from '../../../src/contract/models.ts';
import { matchesRow, catalogueRows, usableOf } from '../../../src/renderer/features/models/find.ts';

it('names only capabilities that can be used', () => {
  expect(usableOf(Capability.options)).toEqual(['completion', 'thinking', 'embedding']);
});

it('praises no model of the catalogue for images, speech or tools', () => {
  const praise = catalogue.entries.map(({ goodAt }) => goodAt).filter((words) => !words.includes('can’t'));
  expect(praise.length).toBeGreaterThan(10);
  for (const words of praise) expect(words).not.toMatch(/image|photo|picture|speech|hear|tool/i);
});

it('finds no model by what can’t be used', () => {
  const rows = catalogueRows({
    entries: [{ ...catalogue.entries[0], capabilities: ['completion', 'tools'] }],
  } as never);
  expect(rows.some((row) => matchesRow('completion', row))).toBe(true);
  expect(rows.some((row) => matchesRow('tools', row))).toBe(false);
});
