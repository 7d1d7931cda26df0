import {
  buildMark, cacheMount, commandLine, copyOwned, dockerfileOf, environmentLine, imageArguments, installMark, runWithCaches, workStage, writableFolders,
} from '../image/parts.ts';
import type { InstallInputs } from '../javascript/install-inputs.ts';
import type { PackageManager } from '../javascript/package-manager.ts';
import type { ContainerCommand } from '../javascript/script-command.ts';

export interface NodeImage {
  manager: PackageManager;
  inputs: InstallInputs;
  /** Command that builds the app; undefined: the code runs as it is. */
  build: string | undefined;
  /** Take away what only development needs. */
  prune: boolean;
  start: ContainerCommand;
  port: number;
  variables: Record<string, string>;
  /** Folders under /app that the app writes to. */
  writable: string[];
  /** Folders under /app that a build leaves for the next one, such as the compiler's own cache: name of the cache → path. */
  kept: Record<string, string>;
}

/** Image of a Node app: packages, code and build each in an own layer. */
export function nodeDockerfile(image: NodeImage): string {
  return dockerfileOf(imageArguments, dependencyStage(image), '', image.inputs.isWorkspace ? wholeTree(image) : layered(image), ...runtimeEnd(image));
}

/** Stage `dependencies`: everything installed, from nothing but what decides about it. */
export function dependencyStage({ manager, inputs }: Pick<NodeImage, 'manager' | 'inputs'>): string {
  const top = inputs.files.filter((path) => !path.includes('/'));
  const nested = inputs.files.filter((path) => path.includes('/'));
  return dockerfileOf(
    workStage('dependencies', manager.variables),
    copyOwned(top, './'),
    ...nested.map((path) => copyOwned([path], `./${path}`)),
    ...inputs.folders.map((folder) => copyOwned([`${folder}/`], `./${folder}/`)),
    installMark,
    runWithCaches(manager.caches, `${manager.install} && mkdir -p node_modules`),
    inputs.folders.includes('prisma') && 'RUN [ ! -x node_modules/.bin/prisma ] || node_modules/.bin/prisma generate',
  ).trimEnd();
}

/** Stage `build`: the code and what is built from it, without the packages: they are only lent to the build. */
export function buildStage({ manager, build, kept }: Pick<NodeImage, 'manager' | 'build' | 'kept'>): string {
  const packages = '--mount=type=bind,from=dependencies,source=/app/node_modules,target=/app/node_modules,rw';
  return dockerfileOf(
    workStage('build', { ...manager.variables, NODE_ENV: 'production' }),
    copyOwned(['.'], './'),
    makeKept(kept),
    buildMark,
    runWithCaches(manager.caches, build!, [packages, ...keptMounts(kept)]),
  ).trimEnd();
}

/** The places of mounts must be there before: the engine would make them as root's. */
function makeKept(kept: Record<string, string>): string | undefined {
  const paths = Object.values(kept);
  return paths.length === 0 ? undefined : `RUN mkdir -p ${paths.join(' ')}`;
}

/** Such folders are no safe common ground for two builds at once. */
function keptMounts(kept: Record<string, string>): string[] {
  return Object.entries(kept).map(([name, path]) => cacheMount(name, `/app/${path}`, 'alone'));
}

function layered(image: NodeImage): string {
  const { manager } = image;
  const packages = image.prune && manager.prune ? 'production' : 'dependencies';
  return dockerfileOf(
    packages === 'production' && `FROM dependencies AS production\n${runWithCaches(manager.caches, `${manager.prune} && mkdir -p node_modules`)}\n`,
    image.build !== undefined && `${buildStage(image)}\n`,
    'FROM ${RUNTIME}',
    'WORKDIR /app',
    `COPY --chown=0:0 --from=${packages} /app/node_modules ./node_modules`,
    image.build === undefined ? 'COPY . ./' : 'COPY --chown=0:0 --from=build /app ./',
  ).trimEnd();
}

function wholeTree({ build, manager, kept }: NodeImage): string {
  return dockerfileOf(
    'FROM dependencies AS build',
    copyOwned(['.'], './'),
    makeKept(kept),
    build !== undefined && buildMark,
    build !== undefined && runWithCaches(manager.caches, build, keptMounts(kept)),
    '',
    'FROM ${RUNTIME}',
    'WORKDIR /app',
    'COPY --chown=0:0 --from=build /app ./',
  ).trimEnd();
}

function runtimeEnd({ port, variables, start, writable }: NodeImage): (string | undefined)[] {
  return [
    writableFolders(writable),
    environmentLine({ HOME: '/home/app', NODE_ENV: 'production', PORT: String(port), ...variables, PATH: '/app/node_modules/.bin:${PATH}' }),
    'USER 10001:10001',
    `EXPOSE ${port}`,
    commandLine(start),
  ];
}
