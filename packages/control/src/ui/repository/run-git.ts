import { asRedControlError, RedControlError } from '@redcontrol/contract';
import { runToEnd } from '@redcontrol/system';

export interface GitCall {
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  maxOutputBytes?: number;
}

const settings = [
  // What a repository's address may not do: run a program.
  '-c', 'protocol.allow=never', '-c', 'protocol.https.allow=always', '-c', 'protocol.http.allow=always', '-c', 'protocol.ssh.allow=always', '-c', 'protocol.file.allow=always',
  '-c', 'core.hooksPath=/dev/null', '-c', 'gc.auto=0',
];

/** Runs the admin's own git with the admin's own credentials, never asking for any. Throws REPOSITORY_UNREACHABLE. */
export async function runGit(args: readonly string[], { signal, timeoutMs = 30_000, maxOutputBytes = 16 * 1024 * 1024 }: GitCall = {}): Promise<string> {
  const variables = { GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '', GIT_SSH_COMMAND: `${process.env.GIT_SSH_COMMAND ?? 'ssh'} -o BatchMode=yes -o ConnectTimeout=10`, LC_ALL: 'C' };
  try {
    const result = await runToEnd('git', [...settings, ...args], { variables, timeoutMs, maxOutputBytes, ...(signal ? { signal } : {}) });
    if (result.exitCode === 0) return result.stdout;
    throw unreachable(result.stderr);
  } catch (thrown) {
    const error = asRedControlError(thrown);
    if (error.code !== 'COMMAND_FAILED') throw error;
    throw new RedControlError('REPOSITORY_UNREACHABLE', error.message, { cause: error, hint: 'See that git is installed here and that the address answers.' });
  }
}

function unreachable(stderr: string): RedControlError {
  const said = stderr.trim().split('\n').find((line) => /fatal|denied|error/i.test(line))?.trim().slice(0, 300) ?? 'no answer';
  return new RedControlError('REPOSITORY_UNREACHABLE', `Expected to read the repository from this computer, got: ${said}`, { hint: hintFor(stderr) });
}

function hintFor(stderr: string): string {
  if (/Host key verification failed/i.test(stderr)) return 'This computer does not know the git host yet: connect to it once with ssh and compare its fingerprint.';
  if (/Permission denied|Authentication failed|could not read Username|not appear to be a git repository|not found|access rights/i.test(stderr)) {
    return 'Check the address. If it is right, this computer has no access: the server reads the repository with a deploy key, which you add at the git host.';
  }
  if (/Could not resolve host/i.test(stderr)) return 'Check the host name in the address, and this computer\'s network.';
  return 'Check the address, and this computer\'s network.';
}
