import { RedControlError, type ControlResult, type ServerAddress } from '@redcontrol/contract';
import { learnHostKey } from '@redcontrol/client/host-key';
import { runToEnd, sshArguments, type SshTarget } from '@redcontrol/system';

/** The host keys that a server shows now, and whether this user's known_hosts has the host. Throws SSH_FAILED. */
export async function readFingerprints(target: SshTarget, signal?: AbortSignal): Promise<ControlResult<'server.fingerprint'>> {
  const known = await isKnown(target, signal);
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

async function isKnown(target: SshTarget, signal?: AbortSignal): Promise<boolean> {
  const settings = await runToEnd('ssh', ['-G', ...sshArguments(target, [])], { timeoutMs: 10_000, ...(signal ? { signal } : {}) });
  const setting = (name: string) => settings.stdout.split('\n').find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const host = setting('hostkeyalias') ?? setting('hostname') ?? target.host;
  const port = setting('port') ?? String(target.port);
  const name = port === '22' ? host : `[${host}]:${port}`;
  const files = [...(setting('userknownhostsfile') ?? '').split(' '), ...(setting('globalknownhostsfile') ?? '').split(' ')].filter(Boolean);
  for (const file of files) {
    const path = file.replace(/^~(?=\/)/, process.env.HOME ?? '');
    const found = await runToEnd('ssh-keygen', ['-F', name, '-f', path], { timeoutMs: 10_000 });
    if (found.exitCode === 0 && found.stdout.trim() !== '') return true;
  }
  return false;
}
