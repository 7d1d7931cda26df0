import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { runToEnd, type RunResult } from '@redcontrol/system';
import { builderCommand, type BuilderCommand } from './builder-command.ts';
import { labelsOf, type Engine, type OwnerLabels } from './engine.ts';
import { ignoreText } from './ignore-text.ts';
import { holdBuildLimits } from './limit-builds.ts';

export interface BuildOptions {
  /** Absolute path; every file in it that is not ignored is sent to the engine. */
  contextDirectory: string;
  /** The Dockerfile's text, or where it lies in the context. */
  dockerfile: string | { path: string };
  /** `repository:tag`. */
  tag: string;
  buildArguments?: Record<string, string>;
  /** BuildKit secrets, id → value: for `RUN --mount=type=secret,id=…`. Never in a layer, never on the disk here. */
  secrets?: Record<string, string>;
  labels: OwnerLabels;
  target?: string;
  /** Patterns added to the context's own .dockerignore; only together with a Dockerfile given as text. */
  ignore?: readonly string[];
  onOutput: (chunk: Buffer) => void;
  signal?: AbortSignal;
  timeoutMs?: number;
  noCache?: boolean;
}

const errorTailBytes = 4_000;

/**
 * Builds an image with BuildKit and returns its id (`sha256:…`).
 * Throws BUILD_FAILED with the end of what the build said, CANCELLED, DISK_FULL, ENGINE_UNAVAILABLE.
 */
export async function buildImage(engine: Engine, options: BuildOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-build-'));
  const limits = await holdBuildLimits(engine);
  try {
    const command = await builderCommand();
    const idFile = join(folder, 'image-id');
    const dockerfile = await dockerfilePath(options, folder);
    const result = await runBuild(engine, command, { ...options, dockerfile, idFile });
    if (result.exitCode !== 0) throw buildError(engine, options, result.stderr);
    return (await readFile(idFile, 'utf8')).trim();
  } finally {
    limits.release();
    await rm(folder, { recursive: true, force: true });
  }
}

type PreparedBuild = Omit<BuildOptions, 'dockerfile'> & { dockerfile: string; idFile: string };

async function runBuild(engine: Engine, command: BuilderCommand, build: PreparedBuild): Promise<RunResult> {
  const timeout = build.timeoutMs === undefined ? undefined : AbortSignal.timeout(build.timeoutMs);
  const signals = [build.signal, timeout].filter((signal) => signal !== undefined);
  let tail = Buffer.alloc(0);
  try {
    const result = await runToEnd(command.program, [...command.leading, ...buildArguments(engine, build)], {
      variables: { ...secretVariables(build), DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_BUILDKIT: '1', BUILDX_BUILDER: 'default' },
      signal: AbortSignal.any(signals),
      maxOutputBytes: 0,
      onOutput(chunk) {
        tail = Buffer.concat([tail, chunk]).subarray(-errorTailBytes);
        build.onOutput(chunk);
      },
    });
    return { ...result, stderr: tail.toString('utf8') };
  } catch (error) {
    if (!timeout?.aborted || build.signal?.aborted) throw error;
    throw new RedControlError('BUILD_FAILED', `Expected the image ${build.tag} to be built within ${build.timeoutMs} ms, it was not: ${tail.toString('utf8')}`);
  }
}

function buildArguments(engine: Engine, build: PreparedBuild): string[] {
  return [
    '--progress', 'plain',
    '--iidfile', build.idFile,
    '--tag', build.tag,
    '--file', build.dockerfile,
    ...(build.target === undefined ? [] : ['--target', build.target]),
    ...(build.noCache ? ['--no-cache'] : []),
    ...Object.entries(labelsOf(engine, build.labels)).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
    ...Object.entries(build.buildArguments ?? {}).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...Object.keys(build.secrets ?? {}).flatMap((id, index) => ['--secret', `id=${id},env=${secretVariable(index)}`]),
    '--', build.contextDirectory,
  ];
}

function secretVariables(build: PreparedBuild): Record<string, string> {
  return Object.fromEntries(Object.values(build.secrets ?? {}).map((value, index) => [secretVariable(index), value]));
}

function secretVariable(index: number): string {
  return `REDCONTROL_BUILD_SECRET_${index}`;
}

/** The file to name to the builder. A text is written beside its ignore file, which BuildKit then takes instead of the context's. */
async function dockerfilePath(options: BuildOptions, folder: string): Promise<string> {
  if (typeof options.dockerfile === 'string') {
    const path = join(folder, 'Dockerfile');
    await writeFile(path, options.dockerfile);
    if (options.ignore?.length) await writeFile(`${path}.dockerignore`, await ignoreText(options.contextDirectory, options.ignore));
    return path;
  }
  const path = resolve(options.contextDirectory, options.dockerfile.path);
  if (relative(options.contextDirectory, path).startsWith('..')) {
    throw new RedControlError('BUILD_FAILED', `Expected the Dockerfile inside the repository, got ${options.dockerfile.path}`);
  }
  return path;
}

function buildError(engine: Engine, options: BuildOptions, tail: string): RedControlError {
  const text = tail.trim();
  if (/no space left on device/i.test(text)) {
    return new RedControlError('DISK_FULL', `Expected space to build ${options.tag}, got: ${text.slice(-500)}`, { hint: 'Remove old images and releases, or give the engine a larger disk.' });
  }
  if (/Cannot connect to the Docker daemon|error during connect|code = (Unavailable|Canceled)|closing transport|error reading from server: EOF|connection reset by peer.*docker\.sock/i.test(text)) {
    return new RedControlError('ENGINE_UNAVAILABLE', `Expected the engine of ${engine.name} to build ${options.tag}, got: ${text.slice(-500)}`);
  }
  if (/buildx component is missing|unknown flag: --(progress|iidfile)/i.test(text)) {
    return new RedControlError('BUILD_FAILED', `Expected the docker command to know BuildKit, got: ${text.slice(-500)}`, { hint: 'Install the package docker-buildx.' });
  }
  return new RedControlError('BUILD_FAILED', `Expected the image ${options.tag} to be built, got:\n${text}`);
}
