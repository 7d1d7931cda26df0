import { RedControlError } from '@redcontrol/contract';
import { readIfExists, type RunResult } from '@redcontrol/system';
import { remoteVariables } from './git-variables.ts';
import { keyPaths, type Git } from './git.ts';
import { credentialVariables, type Remote } from './remote-url.ts';
import { gitResult, type GitCommand } from './run-git.ts';
import { unreachable } from './unreachable.ts';

export interface RemoteCommand extends GitCommand {
  project: string;
  remote: Remote;
  timeoutMs: number;
}

/** Runs git against a project's remote with its deploy key and credentials, bounded in number over all projects. */
export function remoteGitResult(git: Git, args: readonly string[], command: RemoteCommand): Promise<RunResult> {
  const { project, remote, ...options } = command;
  const variables = { ...remoteVariables(git, project), ...credentialVariables(remote), ...options.variables };
  return git.remoteTurns.take('remote', () => timed(gitResult(git, args, { ...options, variables }), command), command.signal);
}

/** REPOSITORY_UNREACHABLE, or DISK_FULL, with the hint that fits what git said. */
export async function remoteFailure(git: Git, result: RunResult, command: { project: string; remote: Remote }): Promise<RedControlError> {
  const paths = keyPaths(git, command.project);
  return unreachable(result.stderr, {
    remote: command.remote,
    deployKey: (await readIfExists(paths.publicKey))?.trim(),
    knownHosts: paths.knownHosts,
  });
}

async function timed(result: Promise<RunResult>, command: RemoteCommand): Promise<RunResult> {
  try {
    return await result;
  } catch (error) {
    const late = error instanceof RedControlError && error.code === 'COMMAND_FAILED' && error.message.includes('to end within');
    if (!late) throw error;
    throw new RedControlError('REPOSITORY_UNREACHABLE', `Expected ${command.remote.url} to answer within ${command.timeoutMs} ms, it did not`, {
      hint: 'The host is slow or does not answer; it is tried again.',
      cause: error,
    });
  }
}
