import type { ContainerCommand } from '../javascript/script-command.ts';

/** Before a RUN line that installs: dockerfileFor gives it the build's secrets. */
export const installMark = '# redcontrol: secrets';
/** Before a RUN line that builds: dockerfileFor gives it the build's arguments and secrets. */
export const buildMark = '# redcontrol: arguments and secrets';
/** Every cache's id begins so; dockerfileFor makes the caches a project's own. */
export const cachePrefix = 'redcontrol-';

/** First lines of every Dockerfile: the images are named by the caller. */
export const imageArguments = 'ARG TOOLCHAIN\nARG RUNTIME\n';

/** Lines of a Dockerfile; what is left out (undefined, false) takes no line. */
export function dockerfileOf(...lines: (string | undefined | false)[]): string {
  return `${lines.filter((line) => line !== undefined && line !== false).join('\n')}\n`;
}

/** A stage that works as the app's user in /app, which belongs to it there (and nowhere later). */
export function workStage(name: string, variables: Record<string, string> = {}): string {
  return dockerfileOf(
    `FROM \${TOOLCHAIN} AS ${name}`,
    'USER root',
    'WORKDIR /app',
    'RUN chown 10001:10001 /app',
    'USER 10001:10001',
    environmentLine({ HOME: '/home/app', CI: '1', ...variables }),
  ).trimEnd();
}

/** COPY of files into the working stage; the last word is the target. */
export function copyOwned(paths: readonly string[], target: string): string {
  return `COPY --chown=10001:10001 ${JSON.stringify([...paths, target])}`;
}

/**
 * RUN with download caches that stay between builds and are no part of the image. Caches lie directly in the home folder:
 * the engine makes missing parents of a mount as root's, and then nothing beside the cache could be written.
 */
export function runWithCaches(caches: Record<string, string>, command: string, moreMounts: readonly string[] = []): string {
  const mounts = Object.entries(caches).map(([name, path]) => cacheMount(name, path));
  return ['RUN', ...moreMounts, ...mounts, command].join(' ');
}

/** `alone`: one build at a time, for folders that are no safe common ground. */
export function cacheMount(name: string, path: string, sharing: 'shared' | 'alone' = 'shared'): string {
  const lock = sharing === 'alone' ? ',sharing=locked' : '';
  return `--mount=type=cache,id=${cachePrefix}${name},target=${path},uid=10001,gid=10001${lock}`;
}

export function environmentLine(variables: Record<string, string>): string {
  const pairs = Object.entries(variables).map(([name, value]) => `${name}=${/^[\w./:,+-]+$/.test(value) ? value : `"${value}"`}`);
  return `ENV ${pairs.join(' ')}`;
}

export function commandLine(command: ContainerCommand): string {
  return `CMD ${JSON.stringify('shell' in command ? ['sh', '-c', command.shell] : command.words)}`;
}

/** Folders that the app may write to; all else of the image belongs to root. */
export function writableFolders(paths: readonly string[]): string | undefined {
  return paths.length === 0 ? undefined : `RUN install -d -o 10001 -g 10001 ${paths.join(' ')}`;
}
