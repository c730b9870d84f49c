// JSON schemas in the form that node-llama-cpp's grammars take. It makes `null` of what it does not know, in silence: that is
// refused here instead.
import { KnownFailure } from './engine-failure.ts';

export type JsonSchema = Record<string, unknown>;

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'null', 'object', 'array']);

/**
 * A copy with `anyOf` as `oneOf`: of what is written, both allow the same. Limits on values (patterns, ranges) pass unchecked.
 * Throws a KnownFailure for a schema whose shape a grammar can't follow.
 */
export function grammarSchema(schema: JsonSchema): JsonSchema {
  const definitions = isSchema(schema.$defs) ? schema.$defs : {};
  const $defs = Object.fromEntries(Object.entries(definitions).map(([name, one]) => [name, convert(one, definitions)]));
  const root = convert(schema, definitions);
  return Object.keys($defs).length === 0 ? root : { ...root, $defs };
}

function convert(schema: unknown, definitions: JsonSchema): JsonSchema {
  const inner = (one: unknown) => convert(one, definitions);
  const all = (ones: unknown[]) => ones.map((one) => inner(one));
  if (!isSchema(schema)) throw refused('it has a part that is no schema');
  const { $ref, oneOf = schema.anyOf, enum: values, type } = schema;
  if ($ref !== undefined) {
    const name = typeof $ref === 'string' ? /^#\/\$defs\/(.+)$/.exec($ref)?.[1] : undefined;
    if (name === undefined || !(name in definitions)) throw refused(`it refers to ${JSON.stringify($ref)}`);
    return { $ref };
  }
  if ('allOf' in schema || 'not' in schema) throw refused('it uses allOf or not');
  if ('const' in schema) return { const: written(schema.const) };
  if (Array.isArray(values) && values.length > 0) return { enum: written(values) };
  if (Array.isArray(oneOf) && oneOf.length > 0) return { oneOf: all(oneOf) };
  const types = Array.isArray(type) ? type : [type];
  if (types.length === 0 || !types.every((one) => TYPES.has(String(one))))
    throw refused('it has a part without a type');
  const { properties, items, prefixItems, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties === undefined ? {} : { properties: mapped(properties, inner) }),
    ...(items === undefined ? {} : { items: inner(items) }),
    ...(Array.isArray(prefixItems) ? { prefixItems: all(prefixItems) } : {}),
    ...(isSchema(additionalProperties) ? { additionalProperties: inner(additionalProperties) } : {}),
  };
}

function mapped(properties: unknown, inner: (one: unknown) => JsonSchema): JsonSchema {
  if (!isSchema(properties)) throw refused('its properties are no schemas');
  return Object.fromEntries(Object.entries(properties).map(([name, one]) => [written(name), inner(one)]));
}

/** The value itself. The library puts control characters into a grammar as they are, which makes it none, or its answers no JSON. */
function written<Value>(value: Value): Value {
  JSON.stringify(value, (name, part: unknown) => {
    if ([name, part].some((one) => typeof one === 'string' && Array.from(one).some(isUnwritable)))
      throw refused('it asks for control characters');
    return part;
  });
  return value;
}

function isUnwritable(character: string): boolean {
  return character < ' ' && !'\t\r\n'.includes(character);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(why: string): KnownFailure {
  return new KnownFailure('backend_failed', `it can’t follow the schema that the answer should have: ${why}`);
}
