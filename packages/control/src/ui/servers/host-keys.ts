import { RedControlError, type ControlResult, type ServerAddress } from '@redcontrol/contract';
import { learnHostKey } from '@redcontrol/client/host-key';
import { knownHostKeys } from '@redcontrol/client/known-host-keys';
import type { SshTarget } from '@redcontrol/system';

/** The host keys that a server shows now, and whether this user's known_hosts has the host. Throws SSH_FAILED. */
export async function readFingerprints(target: SshTarget, signal?: AbortSignal): Promise<ControlResult<'server.fingerprint'>> {
  const known = (await knownHostKeys(target, signal)).keys.length > 0;
  if (known) return { known, keys: [] };
  let keys: { type: string; fingerprint: string }[] = [];
  const ask = (contact: { keys: readonly { type: string; fingerprint: string }[] }) => {
    keys = contact.keys.map(({ type, fingerprint }) => ({ type, fingerprint }));
    return Promise.resolve(false);
  };
  await learnHostKey(target, { ask }, signal).catch((thrown: unknown) => {
    if (keys.length === 0) throw thrown;
  });
  return { known, keys };
}

/** Makes the server known by the fingerprint that the admin confirmed. Throws SSH_HOST_KEY when it shows another. */
export function trustHostKey({ fingerprint, ...address }: ServerAddress & { fingerprint: string }, target: SshTarget = address, signal?: AbortSignal): Promise<void> {
  if (!fingerprint.startsWith('SHA256:')) throw new RedControlError('USAGE', 'Expected a fingerprint that begins with SHA256:');
  return learnHostKey(target, { accept: fingerprint }, signal);
}
