import { connectDaemon } from '@redcontrol/client/connect-daemon';
import { connectSocket } from '@redcontrol/client/connect-socket';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { FirstContact } from '@redcontrol/client/host-key';
import type { SshTarget } from '@redcontrol/system';
import type { WatchedServer } from '../settings/settings.ts';
import { version } from '../version.ts';

/** Starts a conversation with the daemon of a server. Throws SSH_FAILED, SSH_DENIED, SSH_HOST_KEY, DAEMON_UNREACHABLE, CONTRACT_MISMATCH, CANCELLED. */
export async function openServer(server: WatchedServer, { signal, firstContact }: { signal: AbortSignal; firstContact?: FirstContact }): Promise<DaemonClient> {
  const clientName = `redwatch ${version}`;
  if (server.socket !== undefined) return connectSocket(server.socket, { clientName, signal });
  return connectDaemon({ server: sshTarget(server), name: server.name, clientName, signal, ...(firstContact ? { firstContact } : {}) });
}

/** Where and how to log in on a connected server. */
export function sshTarget({ host, user, port, identityFile, sshConfig }: WatchedServer): SshTarget {
  return { host, user, port, ...(identityFile ? { identityFile } : {}), ...(sshConfig ? { configFile: sshConfig } : {}) };
}
