import type { SecretValue } from '@redcontrol/contract';

const maxProjects = 200;

/** Secrets typed before the project is on its server: in memory only, until they are sent. */
export interface HeldSecrets {
  hold(path: string, values: readonly SecretValue[]): void;
  names(path: string): { environment: string; name: string }[];
  of(path: string): SecretValue[];
  /** Gives what was typed for a project without a file to the file it now has. */
  move(from: string, to: string): void;
  /** Forgets one that was sent. */
  drop(path: string, sent: { environment: string; name: string }): void;
}

export function createHeldSecrets(): HeldSecrets {
  const held = new Map<string, Map<string, SecretValue>>();
  const keyOf = ({ environment, name }: { environment: string; name: string }) => `${environment}/${name}`;
  const of = (path: string) => [...(held.get(path)?.values() ?? [])];
  return {
    hold(path, values) {
      if (!held.has(path) && held.size >= maxProjects) held.delete([...held.keys()][0]!);
      const project = held.get(path) ?? new Map<string, SecretValue>();
      for (const value of values) project.set(keyOf(value), value);
      held.set(path, project);
    },
    names: (path) => of(path).map(({ environment, name }) => ({ environment, name })),
    of,
    move(from, to) {
      this.hold(to, of(from));
      held.delete(from);
    },
    drop: (path, sent) => void held.get(path)?.delete(keyOf(sent)),
  };
}
