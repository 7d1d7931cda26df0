export type DataPath = readonly (string | number)[];

/** What stands at a path of a configuration as it is being written: of any form. */
export function valueAt(data: unknown, path: DataPath): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

export function textAt(data: unknown, path: DataPath): string {
  const value = valueAt(data, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function mapAt(data: unknown, path: DataPath): Record<string, unknown> {
  const value = valueAt(data, path);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A list; a single value counts as a list of one. */
export function listAt(data: unknown, path: DataPath): unknown[] {
  const value = valueAt(data, path);
  if (Array.isArray(value)) return value as unknown[];
  return value === undefined || value === null ? [] : [value];
}

/** A copy with one change, as control will write it. */
export function withValue(data: unknown, path: DataPath, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (Array.isArray(data)) {
    const copy = [...(data as unknown[])];
    const index = Number(part);
    if (rest.length === 0 && value === undefined) copy.splice(index, 1);
    else copy[index] = withValue(copy[index], rest, value);
    return copy;
  }
  const copy: Record<string, unknown> = { ...(typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}) };
  if (rest.length === 0 && value === undefined) delete copy[part];
  else copy[part] = withValue(copy[part], rest, value);
  return copy;
}

export function startsWith(path: DataPath, beginning: DataPath): boolean {
  return beginning.every((part, index) => path[index] === part);
}
