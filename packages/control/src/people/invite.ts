import { formatInvitation, RedControlError } from '@redcontrol/contract';
import { knownHostKeys } from '@redcontrol/client/known-host-keys';
import { serverUser } from '@redcontrol/client/server-access';
import type { SshTarget } from '@redcontrol/system';

/**
 * The invitation of a developer to a project's server: its address and the host key that this admin trusts, no secret.
 * Throws SSH_HOST_KEY when the admin has not met the server yet.
 */
export async function inviteTo(target: SshTarget, project: string, signal?: AbortSignal): Promise<string> {
  const { host, port, keys: [key] } = await knownHostKeys(target, signal);
  if (!key) throw new RedControlError('SSH_HOST_KEY', `Expected a known host key of ${target.host}, got none`, { hint: 'Connect to the server once, for example with `redcontrol apply`: the invitation carries the key that you trust.' });
  return formatInvitation({ user: serverUser, host, port, project, fingerprint: key.fingerprint });
}
