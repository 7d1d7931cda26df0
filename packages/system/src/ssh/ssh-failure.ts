import { RedControlError, type ErrorCode } from '@redcontrol/contract';
import type { SshTarget } from './ssh-arguments.ts';

export type SshFailureKind =
  | 'host-key-unknown' | 'host-key-changed' | 'refused-login' | 'refused-connection' | 'timeout' | 'unknown-host' | 'unreachable' | 'key-file' | 'missing-ssh' | 'cut' | 'other';

/** What OpenSSH's own messages mean, in the order in which they are looked for. */
const signs: [RegExp, SshFailureKind][] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED|host key .* has changed/i, 'host-key-changed'],
  [/Host key verification failed|No .* host key is known/i, 'host-key-unknown'],
  [/UNPROTECTED PRIVATE KEY FILE|Load key .*: (?!Permission)|Identity file .* not accessible|invalid format|error in libcrypto/i, 'key-file'],
  [/Permission denied|Too many authentication failures|No supported authentication methods/i, 'refused-login'],
  [/Connection refused/i, 'refused-connection'],
  [/timed out|Timeout, server .* not responding/i, 'timeout'],
  [/Could not resolve hostname|Name or service not known/i, 'unknown-host'],
  [/No route to host|Network is unreachable/i, 'unreachable'],
  [/Connection (?:to .* )?(reset|closed)|Broken pipe|kex_exchange_identification/i, 'cut'],
];

/** Why ssh itself (exit code 255) failed, by what it printed. */
export function sshFailureKind(stderr: string): SshFailureKind {
  return signs.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'other';
}

/**
 * The failure of ssh as an error with the remedy.
 * SSH_HOST_KEY: the server is not known or not the one it was. SSH_DENIED: no key was taken. SSH_FAILED: no connection, or it was cut.
 */
export function sshFailure(target: SshTarget, stderr: string, kind: SshFailureKind = sshFailureKind(stderr)): RedControlError {
  const { expected, hint } = words[kind](target);
  return new RedControlError(codeOf(kind), `Expected ${expected}, got: ${lastLine(stderr)}`, { hint, cause: kind });
}

/** Whether an error of `sshFailure` says that the server was never met, not that its key is another one now. */
export function isUnknownHostKey(thrown: unknown): boolean {
  return thrown instanceof RedControlError && thrown.cause === ('host-key-unknown' satisfies SshFailureKind);
}

function codeOf(kind: SshFailureKind): ErrorCode {
  if (kind === 'host-key-changed' || kind === 'host-key-unknown') return 'SSH_HOST_KEY';
  return kind === 'refused-login' ? 'SSH_DENIED' : 'SSH_FAILED';
}

const words: Record<SshFailureKind, (target: SshTarget) => { expected: string; hint: string }> = {
  'host-key-changed': ({ host, port }) => ({
    expected: `the host key of ${host} that is known here`,
    hint: `Another machine may be answering. Only if the server was installed anew: ssh-keygen -R ${port === 22 ? host : `'[${host}]:${port}'`}`,
  }),
  'host-key-unknown': ({ host }) => ({
    expected: `a known host key of ${host}`,
    hint: 'Compare the fingerprint with the one that the server\'s provider shows, and give it with --accept-host-key.',
  }),
  'refused-login': ({ host, user, port }) => ({
    expected: `${user}@${host} to accept a key of this machine`,
    hint: `Try \`ssh${port === 22 ? '' : ` -p ${port}`} ${user}@${host}\`: it has to work without a password. A key with a passphrase belongs into the agent (ssh-add); another key is given with --identity.`,
  }),
  'refused-connection': ({ host, port }) => ({ expected: `an SSH server at ${host} port ${port}`, hint: 'See that sshd runs there, and that the port in redcontrol.yml is right.' }),
  timeout: ({ host, port }) => ({ expected: `an answer from ${host} port ${port}`, hint: 'See that the server is on, and that no firewall drops the port.' }),
  'unknown-host': ({ host }) => ({ expected: `the name ${host} to have an address`, hint: 'See the host in redcontrol.yml, and this machine\'s DNS.' }),
  unreachable: ({ host }) => ({ expected: `a way to ${host}`, hint: 'See this machine\'s network, and a VPN that the server may need.' }),
  'key-file': ({ identityFile }) => ({ expected: `a usable private key${identityFile ? ` in ${identityFile}` : ''}`, hint: 'The file has to exist, be a private key, and be readable by you only (chmod 600).' }),
  'missing-ssh': () => ({ expected: 'the program ssh', hint: 'Install OpenSSH\'s client (Debian: apt install openssh-client).' }),
  cut: ({ host }) => ({ expected: `${host} to keep the connection`, hint: 'Try again. Too many connections at once (MaxStartups) or a ban (fail2ban) also look like this.' }),
  other: ({ host, user, port }) => ({ expected: `an SSH connection to ${user}@${host}`, hint: `See what \`ssh -v${port === 22 ? '' : ` -p ${port}`} ${user}@${host}\` says.` }),
};

/** The line of ssh's output that says why; warnings and banners stand before it. */
function lastLine(stderr: string): string {
  const lines = stderr.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !/^@+$/.test(line));
  return (lines.at(-1) ?? 'a cut connection').slice(0, 300);
}
