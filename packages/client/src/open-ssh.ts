import { isErrorCode, RedControlError } from '@redcontrol/contract';
import { killTree, spawnProcess, sshArguments, sshFailure, sshFailureKind, type SshFailureKind, type SshTarget } from '@redcontrol/system';
import type { DaemonStreams } from './daemon-client.ts';

/** ssh's own exit code when it could not connect; any other comes from the remote command. */
const sshExitCode = 255;
const maxStderrBytes = 16_384;
/** Between the end of the conversation and the end of ssh by force. */
const stopTimeMs = 2_000;

export interface SshConversation {
  streams: DaemonStreams;
  /** Once ssh has ended: why it could not log in, or undefined when it could. */
  loginFailure(): Promise<{ kind: SshFailureKind; error: RedControlError } | undefined>;
}

/** Starts ssh for a conversation with what the command on the server reads and writes. */
export function openSsh(target: SshTarget, { name, command }: { name: string; command: readonly string[] }): SshConversation {
  const child = spawnProcess('ssh', sshArguments(target, command), { stdin: 'pipe' });
  if (!child.stdin || !child.stdout || !child.stderr) throw new RedControlError('INTERNAL', 'Expected ssh with three streams');
  child.stdin.on('error', () => {});
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-maxStderrBytes);
  });
  const end = new Promise<{ exitCode: number; missing: boolean }>((resolve) => {
    child.once('error', () => resolve({ exitCode: sshExitCode, missing: true }));
    // No code: ssh was killed, which only `close` does.
    child.once('close', (code) => resolve({ exitCode: code ?? 0, missing: false }));
  });

  const errorOf = ({ exitCode, missing }: { exitCode: number; missing: boolean }) => {
    if (missing) return sshFailure(target, 'ssh: not found', 'missing-ssh');
    return exitCode === sshExitCode ? sshFailure(target, stderr) : commandFailure({ name, exitCode, stderr });
  };
  return {
    streams: {
      name,
      input: child.stdout,
      output: child.stdin,
      ended: end.then(errorOf),
      async close({ force } = { force: false }) {
        child.stdin?.end();
        const timer = setTimeout(() => killTree(child), force ? 0 : stopTimeMs);
        await end;
        clearTimeout(timer);
      },
    },
    async loginFailure() {
      const ended = await end;
      if (ended.exitCode !== sshExitCode) return undefined;
      return { kind: ended.missing ? 'missing-ssh' : sshFailureKind(stderr), error: errorOf(ended) };
    },
  };
}

/** The login succeeded, but what should connect to the daemon did not. */
function commandFailure({ name, exitCode, stderr }: { name: string; exitCode: number; stderr: string }): RedControlError {
  const told = /^error ([A-Z_]+): (.+)$/m.exec(stderr);
  if (told?.[1] && told[2] && isErrorCode(told[1])) {
    const hint = /^hint: (.+)$/m.exec(stderr)?.[1];
    return new RedControlError(told[1], `${told[2]} (server ${name})`, hint ? { hint } : {});
  }
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  if (exitCode === 127 || /command not found|No such file/i.test(said)) {
    return new RedControlError('DAEMON_UNREACHABLE', `Expected RedControl on ${name}, got a server where it is not installed`, { hint: 'Install it with `redcontrol apply`.' });
  }
  if (/sudo:/.test(said)) {
    return new RedControlError('DAEMON_UNREACHABLE', `Expected sudo without a password on ${name}, got: ${said}`, { hint: 'Use the root user, allow the user sudo without a password, or add your key to the people list.' });
  }
  return new RedControlError('DAEMON_UNREACHABLE', `Expected the daemon on ${name}, got the end of the connection${said ? `: ${said}` : ''}`, {
    hint: 'Look at it on the server: systemctl status redcontrol; journalctl -u redcontrol -n 50',
  });
}
