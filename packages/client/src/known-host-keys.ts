import { runOrThrow, runToEnd, type SshTarget } from '@redcontrol/system';
import { fingerprintOf } from './host-key.ts';
import { effectiveSettings } from './ssh-settings.ts';

export interface KnownHost {
  /** Where ssh really goes, after the user's configuration. */
  host: string;
  port: number;
  /** The host keys that this user trusts for it, the strongest kind first; empty when it was never met. */
  keys: { type: string; fingerprint: string }[];
}

/** What this user's known_hosts files say of a server. Contacts nobody. Throws SSH_FAILED when ssh cannot read its configuration. */
export async function knownHostKeys(target: SshTarget, signal?: AbortSignal): Promise<KnownHost> {
  const { hostName: host, port, alias, allKnownHostsFiles } = await effectiveSettings(target, signal);
  const name = alias ?? (port === 22 ? host : `[${host}]:${port}`);
  const keys: KnownHost['keys'] = [];
  for (const file of allKnownHostsFiles) {
    const { stdout, exitCode } = await runToEnd('ssh-keygen', ['-F', name, '-f', file], { timeoutMs: 10_000, ...(signal ? { signal } : {}) });
    if (exitCode === 0) keys.push(...stdout.split('\n').flatMap(keyOfLine));
  }
  return { host, port, keys: keys.toSorted((a, b) => Number(b.type === 'ssh-ed25519') - Number(a.type === 'ssh-ed25519')) };
}

/** Makes a server unknown whose host key changed, in the known_hosts files of this user; system-wide ones stay. */
export async function forgetHostKeys(target: SshTarget, signal?: AbortSignal): Promise<void> {
  const { hostName: host, port, alias, userKnownHostsFiles } = await effectiveSettings(target, signal);
  const name = alias ?? (port === 22 ? host : `[${host}]:${port}`);
  for (const file of userKnownHostsFiles) {
    const { exitCode } = await runToEnd('ssh-keygen', ['-F', name, '-f', file], { timeoutMs: 10_000 });
    if (exitCode === 0) await runOrThrow('ssh-keygen', ['-R', name, '-f', file], { timeoutMs: 10_000 });
  }
}

/** A line of known_hosts (sshd(8)): names, type, key; one with a marker (@revoked, @cert-authority) trusts no host key. */
function keyOfLine(line: string): KnownHost['keys'] {
  const [names, type, body] = line.trim().split(/\s+/);
  if (!names || !type || !body || /^[#@]/.test(names)) return [];
  return [{ type, fingerprint: fingerprintOf(body) }];
}
