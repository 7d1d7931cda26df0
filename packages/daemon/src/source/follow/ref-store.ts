import type { RemoteRefs } from '../mirror/remote-refs.ts';

/** Where the refs of the last look are kept. */
export interface RefStore {
  read(project: string): RemoteRefs | undefined;
  /** Stores the refs and runs `apply` in one transaction: both are there afterwards, or neither. */
  commit(project: string, refs: RemoteRefs, apply: () => void): void;
}
