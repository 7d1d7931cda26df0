import { RedControlError } from '@redcontrol/contract';
import type { SshFailureKind, SshTarget } from '@redcontrol/system';
import { daemonCommand, serverUser } from './server-access.ts';
import { openDaemonClient, type ClientOptions, type DaemonClient } from './daemon-client.ts';
import { learnHostKey, type FirstContact } from './host-key.ts';
import { openSsh } from './open-ssh.ts';

/** What the installing user runs; the server's user for people has it forced by each key. */
const connectCommand = [daemonCommand, 'connect', '--local'];

export interface ConnectOptions extends ClientOptions {
  /** The server as the configuration names it: where to log in, and as whom to install. */
  server: SshTarget;
  /** Name of the server for messages; left out: its host. */
  name?: string;
  /** What to do when the server's host key is not known yet; left out: SSH_HOST_KEY is thrown. */
  firstContact?: FirstContact;
  /** User that gets the forced command; left out: redcontrol. */
  daemonUser?: string;
}

/**
 * Connects to the daemon of a server over SSH: as the user `redcontrol`, whose key decides the role, or,
 * when that user does not know the key, as the installing user, who is the administrator of the machine.
 * Throws SSH_FAILED, SSH_HOST_KEY, DAEMON_UNREACHABLE, CONTRACT_MISMATCH, CANCELLED.
 */
export async function connectDaemon(options: ConnectOptions): Promise<DaemonClient> {
  const refusal = await tryUser(options, { user: options.daemonUser ?? serverUser, command: [] });
  if (!('kind' in refusal)) return refusal;
  if (refusal.kind === 'host-key-unknown' && options.firstContact) {
    await learnHostKey(options.server, options.firstContact, options.signal);
    const { firstContact: _, ...known } = options;
    return connectDaemon(known);
  }
  if (refusal.kind !== 'refused-login') throw refusal.error;
  const { user } = options.server;
  const second = await tryUser(options, { user, command: user === 'root' ? connectCommand : ['sudo', '-n', ...connectCommand] });
  if (!('kind' in second)) return second;
  throw second.kind === 'refused-login' ? refusedTwice(options, refusal.error) : second.error;
}

function refusedTwice({ server, daemonUser = serverUser }: ConnectOptions, cause: RedControlError): RedControlError {
  const users = [...new Set([daemonUser, server.user])].map((user) => `${user}@${server.host}`).join(' or ');
  return new RedControlError('SSH_DENIED', `Expected ${users} to accept a key of this machine, got a refusal`, {
    cause,
    hint: 'Ask an admin of the project for access (`redcontrol people add`, then `redcontrol apply`). A key with a passphrase belongs into the agent (ssh-add); another key is given with --identity.',
  });
}

interface Refusal {
  kind: SshFailureKind;
  error: RedControlError;
}

async function tryUser(options: ConnectOptions, { user, command }: { user: string; command: readonly string[] }): Promise<DaemonClient | Refusal> {
  if (options.signal?.aborted) throw new RedControlError('CANCELLED', 'The connection was cancelled');
  const ssh = openSsh({ ...options.server, user }, { name: options.name ?? options.server.host, command });
  try {
    return await openDaemonClient(ssh.streams, options);
  } catch (thrown) {
    const failure = await ssh.loginFailure();
    if (!failure || options.signal?.aborted) throw thrown;
    return failure;
  }
}
