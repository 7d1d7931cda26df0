/** Values out of parsed files of strangers: each accessor says what it expects and gives an empty one for anything else. */
export type Plain = Record<string, unknown>;

export function recordOf(value: unknown): Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

/** The own member of a record; never one that comes from a prototype. */
export function memberOf(value: unknown, ...path: string[]): unknown {
  let current: unknown = value;
  for (const key of path) {
    const record = recordOf(current);
    if (!Object.hasOwn(record, key)) return undefined;
    current = record[key];
  }
  return current;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** All members of a record that are texts. */
export function textRecordOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(recordOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
