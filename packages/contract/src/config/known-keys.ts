import * as z from 'zod';

/** Keys that a mapping of `data` may have at this path; [] where any key may stand. */
export function knownKeys(root: z.ZodType, path: readonly (string | number)[], data: unknown): string[] {
  let found = members(root, data);
  let value = data;
  for (const part of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[part] : undefined;
    const within = value;
    found = found.flatMap((schema) => inside(schema, part)).flatMap((schema) => members(schema, within));
  }
  return [...new Set(found.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])))];
}

/** What a schema may stand for; of several that a key tells apart only the one that `value` is. */
function members(schema: z.ZodType, value: unknown): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable) {
    return members(schema.unwrap() as z.ZodType, value);
  }
  if (schema instanceof z.ZodPipe) return members(schema.in as z.ZodType, value);
  if (schema instanceof z.ZodDiscriminatedUnion) return meantOf(schema, value);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => members(option as z.ZodType, value));
  return [schema];
}

function meantOf({ options, def }: z.ZodDiscriminatedUnion, value: unknown): z.ZodType[] {
  const all = options as z.ZodObject[];
  const said = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[def.discriminator] : undefined;
  const meant = all.filter((option) => (option.shape[def.discriminator] as z.ZodLiteral).values.has(said as z.core.util.Literal));
  return meant.length > 0 ? meant : all;
}

function inside(schema: z.ZodType, part: string | number): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const next = Object.hasOwn(schema.shape, part) ? (schema.shape[part] as z.ZodType) : undefined;
    return next ? [next] : [];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  return [];
}
