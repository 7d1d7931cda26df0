import { RedControlError } from '@redcontrol/contract';
import { runToEnd, type RunOptions, type RunResult } from '@redcontrol/system';
import { gitVariables } from './git-variables.ts';
import type { Git } from './git.ts';
import { plainLine } from './plain-line.ts';

export interface GitCommand extends Omit<RunOptions, 'cleanEnvironment' | 'cwd'> {
  /** The repository; always named, so that git never goes looking for one. */
  repository?: string;
}

/** Local commands end soon; this only ends one that hangs on a broken disk. */
const localTimeoutMs = 10 * 60_000;

/** Runs git in the safe environment to its end, whatever its exit code. Throws like runToEnd. */
export function gitResult(git: Git, args: readonly string[], command: GitCommand = {}): Promise<RunResult> {
  const { repository, variables, ...options } = command;
  return runToEnd(git.program, [...(repository === undefined ? [] : [`--git-dir=${repository}`]), ...args], {
    timeoutMs: localTimeoutMs,
    ...options,
    cwd: '/',
    cleanEnvironment: true,
    variables: { ...gitVariables(git), ...variables },
  });
}

/** Runs git and answers its output. Throws COMMAND_FAILED, or DISK_FULL, when it fails. */
export async function runGit(git: Git, args: readonly string[], command: GitCommand = {}): Promise<string> {
  const result = await gitResult(git, args, command);
  if (result.exitCode !== 0) throw gitFailure(args, result);
  return result.stdout;
}

export function gitFailure(args: readonly string[], result: RunResult): RedControlError {
  const verb = args.find((argument) => !argument.startsWith('-')) ?? '';
  const said = plainLine(result.stderr.trim().split('\n').at(-1) ?? '');
  // Of a file that it has begun git says only that it could not be written: the disk is full, or broken.
  if (/No space left on device|Disk quota exceeded|unable to write (new index )?file/.test(result.stderr)) {
    return new RedControlError('DISK_FULL', `Expected room on the disk for git ${verb}, got "${said}"`, { hint: 'Free disk space on the server, then try again.' });
  }
  return new RedControlError('COMMAND_FAILED', `Expected git ${verb} to succeed, got exit code ${result.exitCode}${said ? `: ${said}` : ''}`);
}
