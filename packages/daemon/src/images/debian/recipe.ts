import type { ImageKind } from '@redcontrol/presets';

export type DebianSuite = 'bullseye' | 'bookworm' | 'trixie';

/** How an image is made of Debian's packages. Data: adding one touches no code. */
export interface DebianRecipe {
  kind: ImageKind;
  /** As people ask for it: `3.11`, `17`. */
  version: string;
  suite: DebianSuite;
  /** Packages of the small image and, with `tools`, of the full one. */
  packages: string[];
  /** More packages of the full image. Left out: there is one image, whatever is asked for. */
  tools?: string[];
  /** Node comes from the npm registry: this major version or exact version, with an npm of this major version. */
  node?: { version: string; npm: string };
  /** Go's own toolchain of this version, fetched through the Go module proxy in place of Debian's. */
  goToolchain?: string;
  /** System users made before the packages are installed, so that their ids do not depend on the package. */
  users?: { name: string; id: number; home: string }[];
  /** Shell lines before and after the packages, in the same layer as these. */
  before?: string[];
  after?: string[];
  /** Files put into the image. */
  files?: { name: string; text: string; target: string; mode: '0755' | '0644' }[];
  variables?: Record<string, string>;
  user?: string;
  workingDir?: string;
  entrypoint?: string[];
  command?: string[];
  port?: number;
  volume?: string;
  stopSignal?: string;
}
