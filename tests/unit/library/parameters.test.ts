import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseParameters, typedParameters } from '../../../src/main/models/library/parameters.ts';
import { recording } from '../../support/replay-ollama/recordings.ts';

const recorded = JSON.parse(recording('show').response.lines[0]?.text ?? '') as { parameters: string };

/** As Go prints `%#v` after a name that is padded to 30. */
function goLines(parameters: Record<string, unknown>): string {
  return Object.entries(parameters)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one: unknown) => [name, one] as const))
    .map(([name, one]) => `${name.padEnd(30)} ${typeof one === 'string' ? goQuoted(one) : String(one)}`)
    .join('\n');
}

function goQuoted(text: string): string {
  const short: Record<string, string> = {
    '"': '\\"',
    '\\': '\\\\',
    '\n': '\\n',
    '\t': '\\t',
    '\r': '\\r',
    '\b': '\\b',
  };
  const escaped = Array.from(text).map((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (short[character] !== undefined) return short[character];
    if (code < 0x20) return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code >= 0x7f && code < 0xa0) return `\\u${code.toString(16).padStart(4, '0')}`;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : character;
  });
  return `"${escaped.join('')}"`;
}

const stops = fc.array(fc.string({ unit: 'binary', minLength: 0, maxLength: 12 }), { minLength: 1, maxLength: 4 });
const parameters = fc.record(
  {
    stop: stops,
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    num_ctx: fc.integer({ min: 1, max: 1e6 }),
    use_mmap: fc.boolean(),
    top_k: fc.integer(),
  },
  { requiredKeys: [] },
);

describe('the lines of /api/show', () => {
  test('as they were recorded', () => {
    expect(parseParameters(recorded.parameters)).toEqual([
      { name: 'stop', value: '<|im_end|>' },
      { name: 'temperature', value: '0.8' },
    ]);
  });

  test('of any parameters give these parameters back', () => {
    fc.assert(
      fc.property(parameters, (given) => {
        const clean = { ...given, ...(given.temperature === 0 ? { temperature: 0 } : {}) };
        expect(typedParameters(parseParameters(goLines(clean)))).toEqual(clean);
      }),
    );
  });

  test('a value that looks like an escape is not opened twice', () => {
    expect(parseParameters(String.raw`stop                           "\\n\"\u003c"`)).toEqual([
      { name: 'stop', value: String.raw`\n"<` },
    ]);
  });

  test('nothing there', () => {
    expect(parseParameters('')).toEqual([]);
  });
});

describe('values for /api/create', () => {
  test('have the kind of their parameter, also where a text would do for a number', () => {
    const settings = [
      { name: 'stop', value: '42' },
      { name: 'stop', value: 'true' },
      { name: 'num_ctx', value: '4096' },
      { name: 'temperature', value: '1' },
      { name: 'penalize_newline', value: 'false' },
    ];
    expect(typedParameters(settings)).toEqual({
      stop: ['42', 'true'],
      num_ctx: 4096,
      temperature: 1,
      penalize_newline: false,
    });
  });

  test('of parameters that are not known are read as they look', () => {
    const settings = [
      { name: 'new_number', value: '0.5' },
      { name: 'new_flag', value: 'true' },
      { name: 'new_text', value: '0x10' },
      { name: 'new_list', value: 'a' },
      { name: 'new_list', value: 'b' },
    ];
    expect(typedParameters(settings)).toEqual({
      new_number: 0.5,
      new_flag: true,
      new_text: '0x10',
      new_list: ['a', 'b'],
    });
  });

  test.each([
    ['num_ctx', '4k'],
    ['num_ctx', '1.5'],
    ['num_ctx', ''],
    ['temperature', 'warm'],
    ['temperature', 'Infinity'],
    ['use_mmap', 'yes'],
  ])('refuse %s %s in words', (name, value) => {
    expect(() => typedParameters([{ name, value }])).toThrow(new RegExp(name));
  });

  test('refuse two temperatures', () => {
    const twice = [
      { name: 'temperature', value: '0.1' },
      { name: 'temperature', value: '0.2' },
    ];
    expect(() => typedParameters(twice)).toThrow(/only once/);
  });
});
