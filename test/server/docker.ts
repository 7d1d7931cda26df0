import { existsSync } from 'node:fs';
import { runOrThrow, runToEnd, type RunOptions, type RunResult } from '@redcontrol/system';

/** The engine's own client before one that somebody put earlier on PATH: only it is sure to have BuildKit. */
const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';

/** Runs the docker command line; an exit code other than 0 throws COMMAND_FAILED. */
export async function docker(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { stdout } = await runOrThrow(client, args, { variables: { DOCKER_BUILDKIT: '1' }, ...options });
  return stdout.trim();
}

/** Runs the docker command line to its end, whatever its exit code. */
export function dockerResult(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return runToEnd(client, args, options);
}

export async function imageExists(reference: string): Promise<boolean> {
  return (await dockerResult(['image', 'inspect', '--', reference])).exitCode === 0;
}
