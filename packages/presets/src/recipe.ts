import type { Framework } from '@redcontrol/contract';

/** A read-only look at a repository's files at one commit, or at a local folder. Paths are relative, with "/". */
export interface RepositoryView {
  /** Text of a file (at most 1 MiB, symlinks not followed out of the tree), or undefined. */
  readText(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
  /** Names in a folder ('' for the root), folders with a "/" at the end; [] when there is none. */
  list(folder: string): Promise<string[]>;
}

/** Kinds of base images that both image sources (Docker Hub, Debian packages) can provide. */
export const imageKinds = ['base', 'node', 'python', 'go', 'rust', 'java', 'static', 'php', 'ruby', 'postgres', 'mariadb', 'mysql', 'redis'] as const;
export type ImageKind = (typeof imageKinds)[number];

/** An image by what it is for; an image source resolves it to a reference. */
export interface ImageNeed {
  kind: ImageKind;
  /** Version as people write it (`22`, `3.11`, `17`); left out: the source's default. */
  version?: string;
  /** Small image without compilers, for the deployed app; false or left out: with the tools to build. */
  slim?: boolean;
}

export interface Detection {
  framework: Framework;
  /** certain: a file of the framework says so. likely: taken, and said. unsure: asked, never taken silently. */
  certainty: 'certain' | 'likely' | 'unsure';
  /** One sentence in words: which file says what. */
  reason: string;
}

/** Everything that RedControl needs to test, build and run an app of a framework. */
export interface AppRecipe {
  framework: Framework;
  /** Image in which the pipeline's steps run, with the tools to build and test. */
  toolchain: ImageNeed;
  /** Image on which the deployed app stands. */
  runtime: ImageNeed;
  /** Dockerfile with `ARG TOOLCHAIN` and `ARG RUNTIME` before its FROM lines; undefined: the repository's own at `dockerfilePath`. */
  dockerfile: string | undefined;
  dockerfilePath?: string;
  /** Patterns for the build context's ignore file, added to the repository's own .dockerignore. */
  ignore: string[];
  /** Makes the dependencies available to the steps; its result depends only on `keyFiles` and the toolchain. */
  dependencies: { keyFiles: string[]; run: string } | undefined;
  /** Folders (in the run container) kept between runs of a project: download caches only. Name → path. */
  caches: Record<string, string>;
  /** Commands of the stages, for the shell in the working tree; undefined where the framework or the app has none. */
  stages: { build: string | undefined; migrate: string | undefined; test: string | undefined };
  /** Variables that every step gets. */
  variables: Record<string, string>;
  release: {
    /** Migration command, run in the new image; undefined where there is none. */
    migrate: string | undefined;
    /** Command of the web process; undefined: the image's own. */
    web: string | undefined;
    port: number;
    healthPath: string;
    /** Folder of the repository (or what the build makes) that the image serves as /srv/www; left out: the app stands in the image's working directory. */
    siteFolder?: string;
    variables: Record<string, string>;
  };
  /** The repository's Procfile, which counts where the configuration names no process; left out: there is none. */
  procfile?: Procfile;
  /** What is not known or not sure, in sentences for the admin. */
  notes: string[];
}

/** What a Procfile gives to an app. */
export interface Procfile {
  /** Commands by the process's name, as shell text. */
  processes: Record<string, string>;
  /** The command of its `release:`, where the framework has no migration of its own. */
  migrate: string | undefined;
  /** Lines that are not understood. */
  problems: string[];
  /** What becomes of it, in sentences for the admin. */
  notes: string[];
}

/** One framework. Adding one touches nothing else than its own folder and the list in index.ts. */
export interface Preset {
  framework: Framework;
  title: string;
  detect(repository: RepositoryView): Promise<Detection | undefined>;
  describe(repository: RepositoryView): Promise<AppRecipe>;
}
