import type { AlertKind } from '@redcontrol/contract';

/** What an alert is about, as a trouble of the store is named; `name` is empty where it is the environment. */
export function subjectOf({ kind, name }: { kind: AlertKind; name: string }): string {
  return name === '' ? kind : `${kind}/${name}`;
}

/** The other way; undefined where the trouble is none of these kinds. */
export function parseSubject<Kind extends AlertKind>(subject: string, kinds: readonly Kind[]): { kind: Kind; name: string } | undefined {
  const kind = kinds.find((one) => subject === one || subject.startsWith(`${one}/`));
  return kind && { kind, name: subject.slice(kind.length + 1) };
}
