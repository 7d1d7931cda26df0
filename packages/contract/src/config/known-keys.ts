import * as z from 'zod';

/** Keys that a mapping may have at this path; [] where any key may stand. */
export function knownKeys(root: z.ZodType, path: readonly (string | number)[]): string[] {
  let found: z.ZodType[] = [root];
  for (const part of path) found = found.flatMap(members).flatMap((schema) => inside(schema, part));
  return [...new Set(found.flatMap(members).flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])))];
}

function members(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable) {
    return members(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodPipe) return members(schema.in as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => members(option as z.ZodType));
  return [schema];
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
